"""Equations of families as HTML: text in which each symbol stands in braces, as in "d{x}/d{t} = {v_θ}({x}, {t})".

A symbol is a letter or a word, with a subscript after an underscore. Its meaning is a title of the symbol, for the
pointer, and stands in the list that a click on the equation unfolds, for keyboards and fingers.
"""

import re
from collections.abc import Mapping
from html import escape

SYMBOL = re.compile(r"\{([^{}]+)\}")


def symbol_html(symbol: str) -> str:
    """ "v_θ" as an italic letter with a subscript; words and blackboard letters stay upright."""
    base, _, index = symbol.partition("_")
    italic = len(base) == 1 and base.isalpha() and base != "𝔼"
    shown = f"<i>{escape(base)}</i>" if italic else escape(base)
    return shown + (f"<sub>{escape(index)}</sub>" if index else "")


def equation_html(equation: str, symbols: Mapping[str, str]) -> str:
    """An equation, a line for each of its lines. Raises KeyError for a symbol without a meaning."""

    def marked(found: re.Match[str]) -> str:
        named = escape(found[1])
        return f'<abbr data-symbol="{named}" title="{escape(symbols[found[1]])}">{symbol_html(found[1])}</abbr>'

    lines = (SYMBOL.sub(marked, line) for line in equation.split("\n"))
    return "".join(f"<span>{line}</span>" for line in lines)


def symbols_html(symbols: Mapping[str, str]) -> str:
    """The symbols and their meanings, as the items of a description list."""
    return "".join(
        f'<div data-symbol="{escape(s)}"><dt>{symbol_html(s)}</dt><dd>{escape(meaning)}</dd></div>'
        for s, meaning in symbols.items()
    )
