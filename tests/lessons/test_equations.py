"""Equations as HTML: each symbol is marked, and explained for the pointer and in a list."""

import pytest

from playground.lessons.equations import equation_html, symbol_html, symbols_html


@pytest.mark.parametrize(
    ("symbol", "html"),
    [
        ("x", "<i>x</i>"),
        ("v_θ", "<i>v</i><sub>θ</sub>"),
        ("KL", "KL"),
        ("𝔼_q", "𝔼<sub>q</sub>"),
        ("<", "&lt;"),
    ],
)
def test_a_symbol(symbol, html):
    assert symbol_html(symbol) == html


def test_an_equation_has_a_line_for_each_of_its_lines_and_its_symbols_are_titled():
    found = equation_html("d{x} = 1\n{x} ‖ {y}", {"x": 'a "place"', "y": "b"})
    assert found == (
        '<span>d<abbr data-symbol="x" title="a &quot;place&quot;"><i>x</i></abbr> = 1</span>'
        '<span><abbr data-symbol="x" title="a &quot;place&quot;"><i>x</i></abbr> ‖ '
        '<abbr data-symbol="y" title="b"><i>y</i></abbr></span>'
    )


def test_a_symbol_without_a_meaning_is_an_error():
    with pytest.raises(KeyError):
        equation_html("{x}", {})


def test_the_list_of_symbols():
    assert (
        symbols_html({"v_θ": "a < b"}) == '<div data-symbol="v_θ"><dt><i>v</i><sub>θ</sub></dt><dd>a &lt; b</dd></div>'
    )
