"""The app goes to a Space as it is, with what suits the Space's hardware. The hub is a stand-in."""

import re

import pytest
from huggingface_hub import SpaceHardware
from packaging.requirements import Requirement

from playground.hub.errors import HubError
from scripts import space
from scripts.space import Content, Space, content, requirements

FILES = {"README.md": b"---\nsdk: gradio\n---\n", "app.py": b"1", "playground/a.py": b"2", "docs/x.png": b"3"}
CONTENT = Content(FILES, "1a2b3c")
ZERO, CPU = "zero-a10g", "cpu-basic"
USUAL = (space.ROOT / "requirements.txt").read_text()


def ours(there, name="playground", token="hf_anna") -> Space:
    return Space(name, there.address, token)


def wanted(text: str) -> dict[str, Requirement]:
    lines = [line for line in text.splitlines() if not line.startswith(("#", "--"))]
    return {one.name: one for one in map(Requirement, lines)}


def test_what_the_app_needs_goes_there_and_nothing_else():
    files = content(CPU).files
    assert files.keys() >= {"README.md", "app.py", "playground/engine/worker.py", "checkpoints/flow.safetensors"}
    assert files["app.py"] == (space.ROOT / "app.py").read_bytes()
    assert not [path for path in files if path.startswith(("tests", "benchmarks", "scripts", "node_modules", "."))]
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", files["README.md"].decode()):
        assert name in files


def test_requirements_suit_the_hardware():
    assert requirements(USUAL, "t4-small") == USUAL
    assert requirements(USUAL, CPU) == f"--extra-index-url https://download.pytorch.org/whl/cpu\n{USUAL}"
    usual, there = wanted(USUAL), wanted(requirements(USUAL, ZERO))
    assert there.keys() - usual.keys() == {"spaces"}
    [only] = there["torch"].specifier
    assert only.operator == "=="
    assert usual["torch"].specifier.contains(only.version)
    assert "whl/cpu" not in requirements(USUAL, ZERO)
    assert {name for name in usual if usual[name] != there[name]} == {"torch"}


def test_a_space_is_created_and_then_updated(there):
    there.paying.add("anna")
    new = ours(there)
    assert (new.name, new.there, new.account) == ("anna/playground", False, "anna (paid plan)")
    assert new.put(CONTENT, CPU) == f"{there.address}/spaces/anna/playground"
    assert there.repos["spaces/anna/playground"] == FILES
    assert there.hardware["spaces/anna/playground"] == CPU

    there.repos["spaces/anna/playground"]["notes.txt"] = b"of the Space's owner"
    files = {path: data for path, data in FILES.items() if path != "playground/a.py"} | {"app.py": b"newer"}
    again = ours(there, "anna/playground")
    assert again.there
    there.asked.clear()
    again.put(Content(files, "4d5e6f"), CPU)
    assert there.repos["spaces/anna/playground"] == files | {"notes.txt": b"of the Space's owner"}
    assert not [line for line in there.asked if line.endswith(("/hardware", "/create"))]
    again.put(Content(files, "4d5e6f"), "t4-small")
    assert there.hardware["spaces/anna/playground"] == "t4-small"


def test_hardware_that_is_refused_leaves_all_as_it_was(there):
    with pytest.raises(HubError, match=r"Space on cpu-basic\. A free account may have two on ZeroGPU \(zero-a10g\)"):
        ours(there).put(CONTENT, CPU)
    assert not there.repos
    ours(there).put(CONTENT, ZERO)
    with pytest.raises(HubError, match="takes a paid plan"):
        ours(there).put(Content({"README.md": b"---\n"}, ""), "l4x1")
    assert there.repos["spaces/anna/playground"] == FILES
    assert there.hardware["spaces/anna/playground"] == ZERO


def test_what_is_wrong_is_told_before_anything_is_asked(there, monkeypatch):
    for name in ("a b", "", "a/b/c", "../x"):
        with pytest.raises(HubError, match="owner/name"):
            ours(there, name)
    monkeypatch.setattr(space, "get_token", lambda: None)
    with pytest.raises(HubError, match="hf auth login"):
        Space("playground", there.address)
    assert not there.asked


def test_who_may_not_is_told(there):
    with pytest.raises(HubError, match="doesn't know this token"):
        ours(there, token="hf_nobody")
    with pytest.raises(HubError, match="doesn't let you write to bert/playground"):
        ours(there, "bert/playground").put(CONTENT, ZERO)
    with pytest.raises(HubError, match="can't be reached"):
        Space("playground", "http://127.0.0.1:9", "hf_anna")
    there.down = 500
    with pytest.raises(HubError, match=r"an error \(500\)"):
        ours(there)


@pytest.fixture
def command(there, monkeypatch):
    """The command, at this hub, with another's token, and few files."""
    monkeypatch.setattr(space.constants, "ENDPOINT", there.address)
    monkeypatch.setattr(space, "get_token", lambda: "hf_anna")
    monkeypatch.setattr(space, "content", lambda hardware: CONTENT)
    return space.main


@pytest.mark.parametrize("answer", ["n", "", EOFError])
def test_without_a_yes_nothing_is_done(command, there, monkeypatch, capsys, answer):
    def answered(_: str) -> str:
        if answer is EOFError:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", answered)
    with pytest.raises(SystemExit, match=r"Nothing was done\."):
        command(["playground"])
    shown = capsys.readouterr().out
    for said in ("anna (free)", "anna/playground, new", ZERO, "4 files, 0.0 MB (1a2b3c)"):
        assert said in shown
    assert not there.repos


def test_a_yes_prints_the_address(command, there, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda _: "y")
    command([])
    assert capsys.readouterr().out.splitlines()[-1] == f"{there.address}/spaces/anna/generative-playground"
    command(["--yes", "--hardware", ZERO])
    assert "which is there" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="takes a paid plan"):
        command(["other", "--hardware", SpaceHardware.CPU_BASIC.value, "--yes"])
