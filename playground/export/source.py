"""The source of functions and classes, as a script or the page shows it."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

Edit = tuple[int, int, str]
"""What stands between two places of a text, and what will."""

Place = Callable[[int, int], int]
"""The place in a text of a line and a column, as `ast` has them."""


def source(thing: Any, whole: bool = False) -> str:
    """The source of a function or a class, from its first column. whole: as it stands; in a script it has no types, and
    of each docstring only the first paragraph."""
    text = textwrap.dedent(inspect.getsource(thing)).rstrip()
    return text if whole else plain(text)


def plain(text: str) -> str:
    """Python's source without types, and with short docstrings.

    >>> plain("def f(x: int, y: float = 2.0) -> str:\\n    return str(x + y)")
    'def f(x, y=2.0):\\n    return str(x + y)'
    """
    lines = text.splitlines(keepends=True)
    begins = [sum(map(len, lines[:i])) for i in range(len(lines))]

    def place(line: int, column: int) -> int:
        return begins[line - 1] + len(lines[line - 1].encode()[:column].decode())  # columns are in bytes

    for begin, end, instead in sorted(_edits(ast.parse(text), text, place), reverse=True):
        text = text[:begin] + instead + text[end:]
    return re.sub(r"\n{3,}", "\n\n", text.replace(f"\n{GONE}", ""))


GONE = "\0"
"""In the place of a declaration, whose line goes."""


def _edits(tree: ast.AST, text: str, place: Place) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (words := ast.get_docstring(node)):
            first = node.body[0]
            paragraph = textwrap.indent(f'"""{words.split(chr(10) * 2)[0]}"""', " " * first.col_offset).lstrip()
            yield place(first.lineno, first.col_offset), _end(first, place), paragraph
        if isinstance(node, ast.FunctionDef):
            if node.returns is not None:
                begin = text.rindex(" ->", 0, place(node.returns.lineno, node.returns.col_offset))
                yield begin, _end(node.returns, place), ""
            yield from _arguments(node.args, place)
        elif isinstance(node, ast.AnnAssign):
            begin = place(node.lineno, 0) if node.value is None else _end(node.target, place)
            yield begin, _end(node.annotation, place), GONE if node.value is None else ""


def _arguments(arguments: ast.arguments, place: Place) -> Iterator[Edit]:
    own = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(own) - len(arguments.defaults)), *arguments.defaults, *arguments.kw_defaults]
    for argument, default in zip([*own, *arguments.kwonlyargs], defaults, strict=True):
        if argument.annotation is not None:
            begin = place(argument.lineno, argument.col_offset) + len(argument.arg)
            end = _end(argument.annotation, place) if default is None else place(default.lineno, default.col_offset)
            yield begin, end, "" if default is None else "="


def _end(node: ast.expr | ast.stmt, place: Place) -> int:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return place(node.end_lineno, node.end_col_offset)
