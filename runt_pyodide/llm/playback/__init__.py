"""Cassettes in use: what all code asks models is recorded, or played from a file."""
