"""Who may publish: a visitor who signed in through the Space, or whoever sits at the machine whose token it is.

In a Space with `hf_oauth: true`, Gradio adds the routes for signing in, and keeps the token in an encrypted session. No
token is ever asked for on the page.
"""

import os
import time

from huggingface_hub import get_token
from starlette.requests import Request

SIGN_IN = "login/huggingface"
"""Gradio's address for signing in, relative to the page."""

HERE = {"localhost", "127.0.0.1", "::1"}


def signs_in() -> bool:
    """Whether the app runs in a Space that lets visitors sign in."""
    return bool(os.environ.get("SPACE_ID") and os.environ.get("OAUTH_CLIENT_ID"))


def token_of(request: Request) -> str | None:
    """The token to publish with, if there is one: of the visitor who signed in or, on one's own machine, that of the
    environment (HF_TOKEN, or `hf auth login`). Visitors from elsewhere don't get that one."""
    session = request.scope.get("session") or {}
    found = session.get("oauth_info") or {}
    if found.get("access_token") and found.get("expires_at", 0) > time.time():
        return str(found["access_token"])
    return get_token() if at_home(request) else None


def at_home(request: Request) -> bool:
    """Whether a request comes from a browser on the machine that the app runs on, and from no proxy or tunnel there."""
    client = request.client.host if request.client else ""
    passed_on = any(name.startswith("x-forwarded") or name in ("forwarded", "via") for name in request.headers)
    return client in HERE and request.url.hostname in HERE and not passed_on and not os.environ.get("SPACE_ID")
