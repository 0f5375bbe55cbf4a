"""What the documents show runs as it stands there."""

import doctest
import importlib
import importlib.util
import json
import pkgutil
import re
from pathlib import Path

import pytest

import playground
from benchmarks import papers
from playground.ui.links.taught import checked

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
NEEDS = {"playground.engine.ray": "ray"}  # modules that work only with an optional extra
ABSENT = {name for name, extra in NEEDS.items() if importlib.util.find_spec(extra) is None}
MODULES = {"playground", *(m.name for m in pkgutil.walk_packages(playground.__path__, "playground."))} - ABSENT


@pytest.mark.parametrize("name", sorted(MODULES))
def test_examples_in_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_some_docstrings_have_examples():
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 3


def test_the_library_example_in_the_readme(capsys):
    library, *_ = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict = {}
    exec(library, names)
    assert names["run"].done
    assert names["mine"].data(5000, seed=2).shape == (5000, 2)
    assert "loss" in capsys.readouterr().out


def test_the_lesson_in_the_readme_opens():
    [text] = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    [step] = checked(json.loads(text)).steps
    assert step.question


def test_the_front_matter_is_what_spaces_reads():
    front = dict(line.split(": ", 1) for line in README.split("---")[1].splitlines() if ": " in line)
    assert front["sdk"] == "gradio"
    assert front["app_file"] == "app.py"
    assert front["python_version"] == '"3.12"'
    assert len(front["short_description"]) <= 60
    gradio = next(line for line in (ROOT / "requirements.txt").read_text().splitlines() if line.startswith("gradio"))
    low, high = re.findall(r"\d+(?:\.\d+)*", gradio)
    version = [int(part) for part in front["sdk_version"].split(".")]
    assert [int(part) for part in low.split(".")] <= version < [int(high)]


def test_every_picture_and_file_that_the_readme_names_is_there():
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / name).exists(), name


def test_what_the_readme_says_beside_the_papers_was_measured():
    for path, text in papers.pages(papers.kept(), README).items():
        assert path.read_text() == text, "python -m benchmarks.papers --only"
