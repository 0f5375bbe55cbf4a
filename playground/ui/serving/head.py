"""What the page's HTML names for the browser to load at once, beside Gradio's scripts instead of after them."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.ui.serving.files import files

END = b"</head>"

ICON = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'>"
    "<circle cx='6' cy='7' r='5' fill='%238a8f98'/><circle cx='14' cy='12' r='5' fill='%23e8710a'/></svg>"
)
"""Noise becomes samples."""


FIRST_TO_HEAR = """<script>
addEventListener("beforeunload", (event) => dispatchEvent(new CustomEvent("leaving", { detail: event })));
</script>"""
"""Gradio closes its connection at this event, although who is asked may stay. The page hears of it first, and decides
(static/links/arrival.js)."""


def head() -> str:
    """Links to the page's icon, styles and scripts. The page's script asks for what its link wants while Gradio loads.

    The sheets of Gradio's that are among the page's styles are named, but disabled: so the browser doesn't load them,
    and Gradio, which looks for their names, doesn't either.
    """
    home = files().address
    links = [
        f'<link rel="icon" href="{ICON}">',
        f'<link rel="stylesheet" href="{home}/page.css">',
        FIRST_TO_HEAR,
        f'<script type="module" src="{home}/page.js"></script>',
        *(f'<link rel="stylesheet" href="./assets/{name}" disabled>' for name in files().gradio_sheets),
    ]
    return "".join(links)


class WithHead:
    """Adds the links to the HTML that an app answers with."""

    def __init__(self, app: ASGIApp, links: str) -> None:
        self.app, self.links = app, links.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def add(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = body.replace(END, self.links + END, 1)
            MutableHeaders(raw=start["headers"])["content-length"] = str(len(whole))
            await send(start)
            await send({**message, "body": whole})

        await self.app(scope, receive, add)
