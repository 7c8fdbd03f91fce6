"""Turns of a provider as JSON: recorded from one provider, played by the Test provider."""
