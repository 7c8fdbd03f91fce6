"""The Test provider: answers from settings or a recording, without a key or a network."""
