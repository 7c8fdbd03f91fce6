"""Pages, and helpers to drive them."""

# Tests wait for what happens, not for a time: this is when one gives up, on a machine that may have
# much other work.
PATIENCE = 120_000  # ms; a page that takes 15 s is given what a machine of a fifth of the speed needs
