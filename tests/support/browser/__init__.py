"""Pages, and helpers to drive them."""

# Tests wait for what happens, not for a time: this is when one gives up, on a machine that may have
# much other work. What takes 15 s on an idle one has taken over 60 s.
PATIENCE = 120_000  # ms
