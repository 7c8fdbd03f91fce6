"""Short ways to write a notebook's events, and a sample of each."""
