"""Which Chromium is used, and the options that keep it off the network."""

import shutil

# If none of these is on PATH, Playwright uses its own.
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET_FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Chromium cannot use its sandbox as root and in most containers.
    "--no-sandbox",
    # The site needs no other host, so the browser is not allowed to resolve any.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def find_chromium() -> str | None:
    """Return the path of the Chromium on PATH, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)
