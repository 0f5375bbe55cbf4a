"""The browser for tests, benchmarks and screenshots, and its options. scripts/browser.sh installs one if needed."""

import os
import shutil
from typing import Any

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first without windows: tests take two thirds of the time in it."""

QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""No background requests; no sandbox, since containers, where tests often run as root, don't support it."""


def options() -> dict[str, Any]:
    """Arguments for Playwright's `chromium.launch`: $CHROMIUM, else the system's browser, else Playwright's own."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return {"args": [*QUIET], **({"executable_path": path} if path else {})}
