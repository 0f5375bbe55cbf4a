"""QR codes of links."""

import pytest


def test_a_link_has_a_code_that_grows_with_it(visitor):
    sizes = []
    for more in ("", "x" * 1500):
        reply = visitor.http.get("playground/qr", params={"link": f"http://192.168.0.7:7860/?family=gan&more={more}"})
        assert reply.headers["content-type"] == "image/svg+xml"
        assert reply.text.startswith("<svg")
        sizes.append(int(reply.text.split('width="')[1].split('"')[0]))
    assert sizes[1] > 2 * sizes[0]


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "http://" + "x" * 2000])
def test_what_is_no_link_or_too_long_gets_a_sentence(visitor, link):
    reply = visitor.http.get("playground/qr", params={"link": link})
    assert reply.status_code == 400
    assert reply.json()["error"].startswith("A QR code")
