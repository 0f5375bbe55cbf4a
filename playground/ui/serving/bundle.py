"""The page's scripts as one module, and its styles as one sheet, put together when the app starts.

modules["paint/panel.js"] = (() => {
const { HALF } = modules["paint/geometry.js"];
…
return { fit };
})();
"""

import re
from collections.abc import Iterable
from pathlib import Path

IMPORT = re.compile(r'^import (?:\* as (?P<whole>\w+)|\{(?P<names>[^}]*)\}) from "(?P<path>[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def scripts(folder: Path, wanted: Iterable[Path] | None = None) -> str:
    """Modules of a folder as one, which exports `modules`, {path: what it exports}: all, or the wanted ones and what
    they import.

    Each stays a scope of its own. They run in the order of their imports. Raises ValueError for imports in a circle,
    and for forms of import and export that the page's scripts don't use (tests/js/house.test.js).
    """
    done: dict[str, str] = {}

    def add(path: Path, above: tuple[Path, ...] = ()) -> str:
        name = path.relative_to(folder).as_posix()
        if path in above:
            raise ValueError(f"{name} imports itself, through others.")
        if name not in done:
            text = path.read_text("utf-8")
            body = IMPORT.sub(lambda found: declared(found, path, above), text)
            exported = EXPORT.findall(body)
            body = EXPORT.sub("", body)
            if strange := OTHER.search(body):
                raise ValueError(f"{name}: {strange[0]}")
            done[name] = f'modules["{name}"] = (() => {{\n{body}return {{ {", ".join(exported)} }};\n}})();\n'
        return name

    def declared(found: re.Match[str], path: Path, above: tuple[Path, ...]) -> str:
        name = add((path.parent / found["path"]).resolve(), (*above, path))
        names = found["whole"] or f"{{ {found['names'].strip().replace(' as ', ': ')} }}"
        return f'const {names} = modules["{name}"];\n'

    for path in sorted(folder.rglob("*.js") if wanted is None else wanted):
        add(path)
    return "export const modules = {};\n" + "".join(done.values())


def styles(folder: Path, wanted: Iterable[Path] | None = None) -> str:
    """Style sheets of a folder as one, all or the wanted ones: those that all of the page shares first."""
    found = folder.rglob("*.css") if wanted is None else wanted
    sheets = sorted(found, key=lambda path: (path.parent.name != "page", path))
    return "".join(path.read_text("utf-8") for path in sheets)
