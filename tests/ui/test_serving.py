"""What the page's files are made of, and how they are served."""

import gzip
import os
import re
import subprocess
import sys

import brotli
import httpx
import pytest
from e2e import serve
from plotly.offline import get_plotlyjs_version

from playground.ui.serving import gradio_styles
from playground.ui.serving.bundle import scripts, styles
from playground.ui.serving.files import FILM, PLOTLY, STATIC, WALL, files
from playground.ui.serving.gradio_styles import gradio_sheets
from playground.ui.serving.kept import FOR_GOOD


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "low.js").write_text("export const A = 1;\nexport function b() {\n  return A;\n}\n")
    (tmp_path / "high.js").write_text(
        'import * as all from "./page/low.js";\nimport {\n  A as one,\n  b,\n} from "./page/low.js";\n'
        "export class C {}\nexport async function d() {\n  return [all, one, b];\n}\n"
    )
    return tmp_path


def test_modules_are_put_together_in_the_order_of_their_imports(folder):
    assert scripts(folder).split("\n") == [
        "export const modules = {};",
        'modules["page/low.js"] = (() => {',
        "const A = 1;",
        "function b() {",
        "  return A;",
        "}",
        "return { A, b };",
        "})();",
        'modules["high.js"] = (() => {',
        'const all = modules["page/low.js"];',
        "const { A: one,",
        '  b, } = modules["page/low.js"];',
        "class C {}",
        "async function d() {",
        "  return [all, one, b];",
        "}",
        "return { C, d };",
        "})();",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('import { C } from "../high.js";\n', "imports itself"),
        ("export default 1;\n", "export default"),
        ('import "./high.js";\n', "import"),
        ('export { A } from "./elsewhere.js";\n', "export"),
    ],
)
def test_what_cannot_be_put_together_is_refused(folder, text, why):
    (folder / "page" / "low.js").write_text(text)
    with pytest.raises(ValueError, match=why):
        scripts(folder)


def test_styles_that_the_page_shares_come_first():
    whole = styles(STATIC)
    sheets = {path: path.read_text() for path in STATIC.rglob("*.css")}
    assert len(sheets) > 2
    assert all(sheet in whole for sheet in sheets.values())
    assert whole.startswith(sheets[STATIC / "page" / "page.css"])


def test_plotlys_two_halves_are_of_one_version():
    version = re.search(r"plotly\.js \(cartesian - minified\) v([\d.]+)", PLOTLY.read_text()[:200])[1]
    assert version.split(".")[0] == get_plotlyjs_version().split(".")[0]
    assert "MIT License" in (PLOTLY.parent / "LICENSE").read_text()


@pytest.mark.parametrize("name", FILM)
def test_what_makes_films_says_what_it_is_and_comes_with_its_licence(name):
    """`scripts/vendor.sh` writes them."""
    text = FILM[name].read_text()
    package, licence = re.match(r"/\*! (\w+) v\d+\.\d+\.\d+, ([\w.-]+),", text).groups()
    assert f"{package}.js" == name
    words = {"MIT": "MIT License", "MPL-2.0": "Mozilla Public License"}[licence]
    assert words in (FILM[name].parent / "LICENSE").read_text()


def test_some_modules_are_put_together_with_what_they_import(folder):
    (folder / "alone.js").write_text("export const D = 1;\n")
    found = re.findall(r'^modules\["(.*?)"\] =', scripts(folder, [folder / "high.js"]), re.MULTILINE)
    assert found == ["page/low.js", "high.js"]


def test_the_player_holds_the_pages_own_painter_and_asks_for_nothing():
    player, page = (files().contents[name].decode() for name in ("player.html", "page.js"))
    for part in ("paint/paint.js", "paint/codec.js", "stage/picture.js"):
        assert f'modules["{part}"] = ' in player
    assert 'modules["player/player.js"]' not in page
    assert player.index("{{recording}}") < player.index("modules["), "the first is where the recording goes"
    assert player.count("</script>") == 2, "and none in a script"
    assert not re.findall(r"\bsrc=|href=.(?!data:)|https?://|\burl\(|\bfetch\(|\bimport\(|XMLHttpRequest", player)
    assert "default-src 'none'" in player
    assert len(player) < 80_000


def test_the_sheets_of_gradios_components_are_among_the_pages_styles():
    """For a version of Gradio that names them in another way, see `gradio_styles`: the page then loads them itself."""
    sheets = gradio_sheets()
    assert len(sheets) > 10
    whole = files().contents["page.css"].decode()
    assert all(sheet in whole for sheet in sheets.values())
    own = [path for path in STATIC.rglob("*.css") if WALL not in path.parents]
    assert whole.endswith(styles(STATIC, own)), "the page's own come after them"


def test_where_gradios_scripts_say_it_in_another_way_no_sheet_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(gradio_styles, "ASSETS", tmp_path / "assets")
    assert gradio_sheets() == {}
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<script src="./assets/index-x.js"></script>')
    (tmp_path / "assets" / "index-x.js").write_text("import('./elsewhere.js')")
    assert gradio_sheets() == {}


# Over HTTP.


def test_the_page_names_its_files_in_its_head():
    html = httpx.get(serve().url).text
    before, after = html.split("</head>", 1)
    assert f'href="{files().address}/page.css"' in before
    assert f'src="{files().address}/page.js"' in before
    assert "page.css" not in after


def raw(path: str, accepts: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it came."""
    with httpx.stream("GET", serve().url + path, headers={"accept-encoding": accepts, **headers}, timeout=60) as reply:
        return reply, b"".join(reply.iter_raw())


@pytest.mark.parametrize("name", files().contents)
@pytest.mark.parametrize(("encoding", "open"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_the_pages_files_are_compressed_and_kept_for_good(name, encoding, open):
    for _ in range(2):
        reply, body = raw(f"{files().address}/{name}", encoding or "identity")
        assert reply.headers.get("content-encoding", "") == encoding
        assert reply.headers["cache-control"] == FOR_GOOD
        assert reply.headers["content-type"].startswith(("text/javascript", "text/css", "text/html"))
        assert open(body) == files().contents[name]


def test_a_page_that_was_opened_before_an_update_gets_the_files_there_are_now():
    reply, body = raw("playground/0123456789abcdef/page.js", "identity")
    assert body == files().contents["page.js"]
    assert reply.headers["cache-control"] == "no-cache"


def test_gradios_files_are_kept_for_good_too():
    page, _ = raw("", "gzip")
    assert page.headers["content-encoding"] == "gzip"
    assert "cache-control" not in page.headers, "it names all others, so it is asked for at each visit"
    html = httpx.get(serve().url).text
    entry = re.search(r'src="\./(assets/[\w.-]+\.js)"', html)[1]
    first, body = raw(entry, "br, gzip")
    again, same = raw(entry, "br, gzip", **{"if-none-match": "*", "range": "bytes=0-9"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert body == same
    assert first.headers["cache-control"] == again.headers["cache-control"] == FOR_GOOD


@pytest.mark.parametrize(
    "path",
    [
        "",
        "wall",
        "health",
        "config",
        "playground/trainers",
        "playground/state?lesson=gan.2",
        f"{files().address}/page.js",
    ],
)
def test_a_prefix_may_have_the_name_of_the_pages_own_folder(path):
    """If the proxy passes it on, as docs/nginx.conf does, and if it strips it."""
    for prefix in ("playground/", ""):
        reply = httpx.get(f"{serve(root_path='/playground').url}{prefix}{path}")
        assert reply.status_code == 200 or reply.json()["ready"] == 0, "whose health may be bad at first"
        if path.endswith(".js"):
            assert reply.headers["cache-control"] == FOR_GOOD


def test_the_address_is_the_same_at_every_start():
    """Else what browsers keep for good is fetched anew after each restart."""
    ask = "from playground.ui.serving.files import files; print(files().address)"
    given = {"env": os.environ | {"PYTHONHASHSEED": "1"}, "capture_output": True, "text": True}
    assert subprocess.run([sys.executable, "-c", ask], **given).stdout.strip() == files().address


@pytest.mark.parametrize("path", ["assets/nothing.js", "assets/../index.html", f"{files().address}/nothing.js"])
def test_what_is_not_there_is_not_kept(path):
    reply, _ = raw(path, "br")
    assert reply.status_code in (404, 403)
    assert "immutable" not in reply.headers.get("cache-control", "")
