"""Which browser tests, benchmarks and screenshots drive, and how. scripts/browser.sh sees to it that there is one."""

import os
import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")

QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser that asks nobody for anything; and containers, where tests often run as root, have no sandbox."""


def options() -> dict[str, Any]:
    """Arguments for Playwright's `chromium.launch`: $CHROMIUM, else the system's browser, else Playwright's own."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return {"args": [*QUIET], **({"executable_path": path} if path else {})}
