"""What every refusal must be: one clear sentence, however long the value that is refused."""

from pydantic import ValidationError

from playground.messages import explain

LONG = "x\n" * 500_000

PYDANTIC = (
    "Value error",
    "parse",
    "Input should",
    "Extra inputs",
    "instance of",
    "http",
    "type=",
    "validation error",
    "Config",
)


def assert_one_clear_sentence(error: ValidationError, most: int = 200) -> None:
    sentence = explain(error)
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert sentence.isprintable(), "one line"
    assert 10 < len(sentence) < most
    assert sentence[0].isupper() or not sentence[0].isascii()
    assert not [word for word in PYDANTIC if word in sentence]


def short(value) -> str:
    return repr(value)[:60]
