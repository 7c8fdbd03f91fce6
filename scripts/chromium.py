"""Which Chromium is driven, and how it is kept quiet."""

import shutil

# Without one of these on PATH, Playwright takes its own.
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET_FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # As root, and in most containers, Chromium cannot have its sandbox.
    "--no-sandbox",
    # The site needs nothing but itself: for the browser, no other host exists.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def find_chromium() -> str | None:
    """The path of the one on PATH, if any."""
    return next(filter(None, map(shutil.which, NAMES)), None)
