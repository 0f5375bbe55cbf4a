"""What can't be taken is refused in a sentence, by the outermost middleware."""

import asyncio
import errno

import pytest
from starlette.exceptions import HTTPException

from playground.ui.serving.refusals import NO_FILE, UNEXPECTED, Refusals

START = {"type": "http.response.start", "status": 200, "headers": []}


def answer(error: Exception, begun: bool = False) -> list[dict]:
    """What is sent for a request at which the app raises an error, before or after it has begun to answer."""
    sent: list[dict] = []

    async def app(scope, receive, send):
        if begun:
            await send(START)
        raise error

    async def send(message):
        sent.append(message)

    asyncio.run(Refusals(app)({"type": "http", "path": "/x"}, None, send))
    return sent


def test_an_error_that_nobody_expected_is_logged_and_told(caplog):
    start, body = answer(KeyError("visitor"))
    assert (start["status"], body["body"].decode()) == (500, f'{{"error":"{UNEXPECTED}"}}')
    assert "KeyError" in caplog.text


def test_a_name_too_long_for_a_file_is_none(caplog):
    start, body = answer(OSError(errno.ENAMETOOLONG, "File name too long"))
    assert (start["status"], body["body"].decode()) == (404, f'{{"error":"{NO_FILE}"}}')
    assert not caplog.records


def test_a_stream_that_is_not_there_breaks_off_and_any_other_error_in_a_stream_is_raised():
    refused = RuntimeError("Caught handled exception, but response already started.")
    with pytest.raises(RuntimeError):
        answer(refused, begun=True)
    refused.__cause__ = HTTPException(404)
    assert answer(refused, begun=True) == [START, {"type": "http.response.body", "body": b""}]
