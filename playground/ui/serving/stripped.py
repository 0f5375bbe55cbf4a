"""The middleware for a proxy that serves the app under /playground, and takes that off the addresses that it passes on.

What begins with the prefix, which the app knows (GRADIO_ROOT_PATH), is taken to have it still, and Starlette takes it
off. But the page's own folder has the same name. So the prefix is put back where the proxy has taken it off.
"""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.ui.serving.files import ASSETS


class Stripped:
    """routes: the app's own. No address of the app is one of its folder without the folder's name."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self._own = [route.path_regex for route in routes if isinstance(route, Route)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("root_path") == f"/{ASSETS}":
            path = scope["path"]
            if path.startswith(f"/{ASSETS}/") and any(route.match(path) for route in self._own):
                scope = {**scope, "path": scope["root_path"] + path}
        await self.app(scope, receive, send)
