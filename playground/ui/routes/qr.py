"""The route for QR codes of links: a room opens what is shown on its phones, also without the internet."""

import io

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.ui.serving.files import ASSETS

LONGEST = 2000
"""Most characters of a link: a code of more is too fine for a phone at the back of a room."""


def qr_route() -> Route:
    """GET with a link is answered with its QR code as SVG, or {"error": sentence}."""

    async def answer(request: Request) -> Response:
        link = request.query_params.get("link", "")
        if not link.startswith(("http://", "https://")):
            return JSONResponse({"error": "A QR code needs a link."}, status_code=400)
        if len(link) > LONGEST:
            return JSONResponse({"error": f"A QR code holds at most {LONGEST:,} characters."}, status_code=400)
        drawn = io.BytesIO()
        segno.make(link, error="l", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, scale=4)
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    return Route(f"/{ASSETS}/qr", answer)
