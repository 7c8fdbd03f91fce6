"""Pages, and helpers to drive them."""

# Tests wait for what happens, not for a time: this is when one gives up, on a machine that may have
# much other work.
PATIENCE = 60_000  # ms
