"""The middleware that compresses each file once, and lets browsers keep it.

Gradio compresses a file anew for each request, its page not at all, and says of none how long it may be kept.
"""

import gzip
import re
from collections.abc import Callable
from functools import partial

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.ui.serving.head import WithHead

FOR_GOOD = "public, max-age=31536000, immutable"

ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=9),
    "gzip": partial(gzip.compress, compresslevel=9),
    "": bytes,
}

CONDITIONS = {b"if-none-match", b"if-modified-since", b"range", b"accept-encoding"}


class Kept:
    """address: the folder of the page's own files, named after their content as Gradio's files are. head: what is added
    to the head of the page."""

    def __init__(self, app: ASGIApp, address: str, head: str) -> None:
        self.app = app
        self.page = GZipMiddleware(WithHead(app, head), minimum_size=1000, compresslevel=6)
        self._named = re.compile(rf"/(assets|{re.escape(address)})/[\w.-]+|/theme\.css\?v=\w+")
        self._kept: dict[tuple[str, str], Response] = {}  # as many as there are files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self.app(scope, receive, send)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in ("", "/"):
            return await self.page(scope, receive, send)
        query = scope["query_string"].decode("latin-1")
        if not self._named.fullmatch(f"{path}?{query}" if query else path):
            return await self.app(scope, receive, send)
        accepted = Headers(scope=scope).get("accept-encoding", "")
        encoding = next(name for name in ENCODINGS if name in accepted)
        response = self._kept.get((path, encoding))
        if response is None:
            response = await self._fetch(scope, receive, encoding)
            if response.status_code == 200:
                self._kept[path, encoding] = response
        await response(scope, receive, send)

    async def _fetch(self, scope: Scope, receive: Receive, encoding: str) -> Response:
        """The answer of the app, to be kept for good if it has the file."""
        messages: list[Message] = []

        async def take(message: Message) -> None:
            messages.append(message)

        headers = [(name, value) for name, value in scope["headers"] if name not in CONDITIONS]
        await self.app({**scope, "headers": headers}, receive, take)
        status, kind = messages[0]["status"], Headers(raw=messages[0]["headers"]).get("content-type")
        body = b"".join(message.get("body", b"") for message in messages[1:])
        if status != 200:
            return Response(body, status, media_type=kind)
        told = {"cache-control": FOR_GOOD, "vary": "accept-encoding"}
        if encoding:
            told["content-encoding"] = encoding
        return Response(await run_in_threadpool(ENCODINGS[encoding], body), media_type=kind, headers=told)
