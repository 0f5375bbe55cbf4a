"""What Gradio and FastAPI can't take is refused in a sentence, where they would answer with an error of their own and
log a traceback."""

import errno
import logging

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.ui.requests import UNREADABLE

UNEXPECTED = "The server met an error that it did not expect. Reload the page, and try again."
NO_FILE = "There is no such file."


def unreadable(_: Request, error: Exception) -> Response:
    """For a request that has not the form of one of Gradio's. FastAPI repeats what came, which may not be JSON."""
    return JSONResponse({"error": UNREADABLE}, 422)


HANDLERS = {RequestValidationError: unreadable}


class Refusals:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if scope["type"] != "http":
                raise
            if started:
                # Gradio's stream for a session that it doesn't know, as after a restart: it breaks off.
                if not isinstance(error.__cause__, HTTPException):
                    raise
                await send({"type": "http.response.body", "body": b""})
            elif isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
                await JSONResponse({"error": NO_FILE}, 404)(scope, receive, send)
            else:
                logging.exception("a request failed: %s", scope["path"][:200])
                await JSONResponse({"error": UNEXPECTED}, 500)(scope, receive, send)
