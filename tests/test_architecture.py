"""The house: imports only descend, and each library stays in its rooms. Every import is read from the source, whether
it stands at the top of a file, in a function or under TYPE_CHECKING."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "playground"
FILES = [ROOT / "app.py", *sorted(PACKAGE.rglob("*.py"))]
TESTS = [file for kind in ("*.py", "*.js") for file in sorted((ROOT / "tests").rglob(kind))]

FLOORS = [
    {"config"},
    {"data", "networks", "solvers"},
    {"metrics"},
    {"families"},
    {"budget"},
    {"experiment"},
    {"messages"},
    {"training"},
    {"lessons"},
    {"scene"},
    {"views"},
    {"race"},
    {"hub"},
    {"export"},
    {"questions"},
    {"engine"},
    {"ui"},
    {"playground", "app"},  # the library's front door, and the app's
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}

MAX_LINES = 300
UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def label(file: Path) -> str:
    return str(file.relative_to(ROOT))


def room_of(file: Path) -> str:
    """The room that a file stands in: a folder or a module of the package, its front door, or app.py."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return parts[0] if len(parts) == 1 or parts[1] == "__init__" else parts[1]


def imports(tree: ast.AST, package: str = "") -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything that is imported; `from a import b` gives a.b. Relative names are resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "importlib.import_module"):
            yield node.lineno, ast.literal_eval(node.args[0])


def imports_of(file: Path) -> list[tuple[int, str]]:
    return list(imports(ast.parse(file.read_text("utf-8")), ".".join(file.relative_to(ROOT).parts[:-1])))


def destination(name: str) -> str | None:
    """The room that an imported name lies in, or None if it is somebody else's library."""
    parts = name.split(".")
    if parts[0] != "playground":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in LEVEL else "playground"


def climbs(room: str, name: str) -> bool:
    there = destination(name)
    return there is not None and there != room and LEVEL[there] >= LEVEL[room]


@pytest.mark.parametrize(
    ("room", "name", "wrong"),
    [
        ("training", "playground.experiment.Experiment", False),
        ("experiment", "playground.training", True),
        ("networks", "playground.solvers", True),  # not sideways, either
        ("data", "playground.Experiment", True),  # nor out by the front door and in again
        ("views", "playground.views.scene", False),
        ("views", "numpy", False),
    ],
)
def test_what_climbs(room, name, wrong):
    assert climbs(room, name) is wrong


def test_every_kind_of_import_is_seen():
    source = """
import a.b
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from c import d
def f():
    from .e import f
    from ..g import h
    __import__("i")
"""
    found = {name for _, name in imports(ast.parse(source), "playground.views")}
    assert found >= {"a.b", "c.d", "playground.views.e.f", "playground.g.h", "i"}


def test_every_room_has_its_floor():
    rooms = {room_of(file) for file in FILES}
    assert rooms == LEVEL.keys()


@pytest.mark.parametrize("file", FILES, ids=label)
def test_imports_only_descend(file):
    climbing = [f"line {line}: {name}" for line, name in imports_of(file) if climbs(room_of(file), name)]
    assert not climbing, f"{label(file)} climbs"


@pytest.mark.parametrize("file", FILES, ids=label)
def test_libraries_stay_in_their_rooms(file):
    room = room_of(file)
    forbidden = {
        "gradio": room not in ("ui", "app"),
        "gradio_client": room not in ("ui", "app"),
        "torch": room in ("ui", "app"),
        "plotly": room != "views",
    }
    found = [(line, name) for line, name in imports_of(file) if forbidden.get(name.split(".")[0])]
    assert not found, f"{label(file)} imports what belongs elsewhere"


@pytest.mark.parametrize("file", FILES, ids=label)
def test_nothing_is_unpickled(file):
    tree = ast.parse(file.read_text("utf-8"))
    assert not [name for _, name in imports_of(file) if name.split(".")[0] in UNPICKLERS]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if ast.unparse(call.func) == "torch.load"]
    allowing = [word for call in calls for word in call.keywords if word.arg == "allow_pickle"]
    assert all(isinstance(word.value, ast.Constant) and word.value.value is False for word in allowing)


def lines(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())


@pytest.mark.parametrize("file", FILES, ids=label)
def test_files_are_short(file):
    assert lines(file) <= MAX_LINES


@pytest.mark.parametrize("file", TESTS, ids=label)
def test_files_of_tests_are_short(file):
    assert lines(file) <= MAX_LINES


@pytest.mark.parametrize(
    ("file", "registry"),
    [
        ("data/named.py", "POINT_SETS"),
        ("data/named.py", "IMAGE_SETS"),
        ("families/__init__.py", "FAMILIES"),
        ("engine/__init__.py", "ENGINES"),
        ("views/__init__.py", "VIEWS"),
        ("questions/__init__.py", "QUESTIONS"),
    ],
)
def test_registries_are_plain_dicts(file, registry):
    module = importlib.import_module(f"playground.{file.split('/')[0]}")
    assert type(getattr(module, registry)) is dict
    assigned = [
        node
        for node in ast.parse((PACKAGE / file).read_text("utf-8")).body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == registry
    ]
    assert len(assigned) == 1
    assert isinstance(assigned[0].value, ast.Dict), "a registry is written out, line by line"


MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for file in PACKAGE.rglob("*.py")
}


def test_no_imports_go_in_circles():
    """Not even within a room; a registry that is looked up late would be one."""
    above: list[str] = []
    done: set[str] = set()

    def visit(module: str) -> None:
        assert module not in above, " → ".join([*above[above.index(module) :], module])
        if module in done:
            return
        above.append(module)
        for _, name in imports_of(MODULES[module]):
            there = name if name in MODULES else name.rpartition(".")[0]
            if there in MODULES and there != module:
                visit(there)
        above.pop()
        done.add(module)

    for module in MODULES:
        visit(module)


MOST = 12
"""Files of a folder at one level: more of them, and it is two rooms."""


@pytest.mark.parametrize("folder", sorted({file.parent for file in PACKAGE.rglob("*.py")}), ids=label)
def test_no_room_is_crowded(folder):
    assert len(list(folder.glob("*.py"))) <= MOST


def test_every_folder_but_the_page_has_a_registry():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    without = {"training", "metrics", "networks", "scene", "race", "hub", "export", "ui"}
    assert folders - without == {"data", "families", "engine", "views", "questions", "lessons"}
