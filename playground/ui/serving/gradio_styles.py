"""The style sheets that Gradio's page loads one by one, some eighteen of them, as one.

Which of them a component needs stands in Gradio's scripts, as their bundler writes it:

    m.f=["./Index-x.js","./Index-y.css",…]  and  row:{component:()=>v(()=>import(`./Index-x.js`),…mapDeps([0,1]))

Where another version writes it in another way, none is found here, and the page loads them one by one again.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import gradio

ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"

COMPONENTS = ("html", "row", "tabitem")
"""The components of the page that have styles of their own. Columns and tabs come with these."""

ENTRY = re.compile(r'src="\./assets/([\w.-]+\.js)"')
NAMES = re.compile(r"\bm\.f=\[([^\]]*)\]")
PART = re.compile(r"import\(`\./([\w-]+\.js)`\)[^()]{0,40}__vite__mapDeps\(\[([\d,]+)\]\)")
COMPONENT = re.compile(rf"[,{{](?:{'|'.join(COMPONENTS)}):\{{[^{{}}]*?component:\(\)=>\w+\(\(\)=>{PART.pattern}")


def gradio_sheets() -> dict[str, str]:
    """The sheets in Gradio's assets/ that the page needs, by name, besides that of Gradio's entry."""
    try:
        names = dict.fromkeys(name for name in _needed() if name.endswith(".css"))
        sheets = {name: (ASSETS / name).read_text("utf-8") for name in names}
    except (OSError, LookupError, StopIteration):
        return {}
    return {name: sheet for name, sheet in sheets.items() if "url(" not in sheet}  # an address would change its meaning


def _needed() -> Iterator[str]:
    """The files that Gradio's page, its blocks and their components load."""
    html = (ASSETS.parent / "index.html").read_text("utf-8")
    entry = (ASSETS / ENTRY.findall(html)[0]).read_text("utf-8")
    page, numbers = PART.findall(entry)[0]
    loaded = _named(entry, numbers)
    yield from loaded
    page = (ASSETS / page).read_text("utf-8")
    yield from _named(page, PART.findall(page)[0][1])
    core = (ASSETS / next(name for name in loaded if name.startswith("core-"))).read_text("utf-8")
    for _, numbers in COMPONENT.findall(core):
        yield from _named(core, numbers)


def _named(script: str, numbers: str) -> list[str]:
    names = re.findall(r'"\./([^"]+)"', NAMES.findall(script)[0])
    return [names[int(number)] for number in numbers.split(",")]
