"""The source of functions and classes, as a script or the page shows it."""

import ast
import inspect
import textwrap
from typing import Any


def source(thing: Any, whole: bool = False) -> str:
    """The source of a function or a class, from its first column. whole: with all of its docstrings, of which a script
    has only the first paragraphs."""
    text = textwrap.dedent(inspect.getsource(thing)).rstrip()
    return text if whole else _shortened(text)


def _shortened(text: str) -> str:
    lines = text.splitlines()
    for node in reversed(list(ast.walk(ast.parse(text)))):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or not (words := ast.get_docstring(node)):
            continue
        first = node.body[0]
        assert first.end_lineno is not None
        indent = " " * first.col_offset
        paragraph = textwrap.indent(f'"""{words.split(chr(10) * 2)[0]}"""', indent)
        lines[first.lineno - 1 : first.end_lineno] = paragraph.splitlines()
    return "\n".join(lines)
