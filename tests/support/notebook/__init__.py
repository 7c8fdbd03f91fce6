"""Shorthands for a notebook's events, and a sample of each event."""
