"""Services that are spoken to in their own language, and keep to their rules: each refuses what
breaks one, in its own words."""
