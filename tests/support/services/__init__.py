"""Services as they really are: stand-ins that answer with recorded bytes and keep to the rules of
the real ones, and the runs of cells that meet them."""
