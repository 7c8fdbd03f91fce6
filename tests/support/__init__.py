"""What the tests share: a real HTTP server that stands in for a model service, and its scripts."""
