"""Put the app on Hugging Face Spaces, as it is in this working tree: `make space`, or

    python -m scripts.space [NAME] [--hardware cpu-basic] [--private] [--yes]

It says what it will do, and asks before it does. The Space has the files that git tracks and that the app needs; what
isn't among them any more is deleted there. Its requirements suit its hardware: on ZeroGPU, one of the few versions of
PyTorch that it supports; on CPUs, wheels without CUDA, which are a tenth of the size.

The token is that of `hf auth login`, or in the environment (HF_TOKEN). https://huggingface.co/docs/hub/spaces-overview
"""

import argparse
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, SpaceHardware, constants, get_token
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from playground.hub.errors import NAME, HubError, sentences
from playground.hub.names import is_name

ROOT = Path(__file__).parent.parent

NEEDED = ["CONTRIBUTING.md", "LICENSE", "README.md", "app.py", "checkpoints", "docs", "playground", "requirements.txt"]
"""Files and folders of the project that a Space gets: what the app needs, and what its README names."""

REQUIREMENTS = "requirements.txt"

ZERO_TORCH = "torch==2.11.0"
"""The newest PyTorch that ZeroGPU supports, which also has 2.10.0, 2.9.1 and 2.8.0, each with Python 3.12.12 or
3.10.13 (https://huggingface.co/docs/hub/spaces-zerogpu, in August 2026)."""

CPU_WHEELS = "--extra-index-url https://download.pytorch.org/whl/cpu"
"""PyTorch's wheels for CPUs. Their versions end in +cpu, which pip takes for newer than the same without."""

NO_TOKEN = "There is no token: `hf auth login` stores one, or HF_TOKEN holds one that may write."
INVALID = "The hub doesn't know this token, or not any more. `hf auth login` stores another."
PLAN = (
    "The hub doesn't give this account a Space on {hardware}. A free account may have two on ZeroGPU ({zero}), a month "
    "after it was made and with a verified email; other hardware takes a paid plan."
)
FORBIDDEN = "The hub doesn't let you write to {name}. The account must be its owner, and the token one that may write."
NO_GIT = "This folder is no clone of the project, so that nothing says which of its files belong to it."


class Content(NamedTuple):
    """files: what a Space gets, by its path. note: where it is from."""

    files: dict[str, bytes]
    note: str

    @property
    def size(self) -> str:
        return f"{len(self.files)} files, {sum(map(len, self.files.values())) / 1e6:.1f} MB"


def git(*arguments: str) -> str:
    """What git says of this working tree. Raises HubError."""
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise HubError(NO_GIT) from None


def content(hardware: str) -> Content:
    """What a Space on that hardware gets from the working tree. Raises HubError."""
    tracked = [path for path in git("ls-files", "-z", "--", *NEEDED).split("\0") if path]
    files = {path: (ROOT / path).read_bytes() for path in tracked if (ROOT / path).exists()}
    if REQUIREMENTS not in files:
        raise HubError(NO_GIT)
    files[REQUIREMENTS] = requirements(files[REQUIREMENTS].decode(), hardware).encode()
    return Content(files, git("describe", "--always", "--dirty=, with changes").strip())


def requirements(usual: str, hardware: str) -> str:
    """The project's requirements, as they suit that hardware."""
    if hardware == SpaceHardware.ZERO_A10G:
        return re.sub(r"^torch\W.*$", f"spaces>=0.51,<1\n{ZERO_TORCH}", usual, flags=re.MULTILINE)
    return f"{CPU_WHEELS}\n{usual}" if hardware.startswith("cpu-") else usual


class Space:
    """A Space that is there, or will be. name: "owner/name", or just a name of the token's owner. endpoint, token: by
    default those of huggingface_hub. Raises HubError."""

    def __init__(self, name: str, endpoint: str | None = None, token: str | None = None):
        self.endpoint, token = endpoint or constants.ENDPOINT, token or get_token()
        if not is_name(name):
            raise HubError(NAME)
        if not token:
            raise HubError(NO_TOKEN)
        self._api = HfApi(self.endpoint, token=token)
        with self._refusals(name):
            account = self._api.whoami()
        self.account = f"{account['name']} ({'paid plan' if account.get('isPro') else 'free'})"
        self.name = name if "/" in name else f"{account['name']}/{name}"
        with self._refusals():
            self.there = self._api.repo_exists(self.name, repo_type="space")

    @contextmanager
    def _refusals(self, name: str = "", hardware: str = "") -> Iterator[None]:
        name = name or self.name
        with sentences(self.endpoint, name, "Space"):
            try:
                yield
            except RepositoryNotFoundError:
                raise
            except HfHubHTTPError as error:
                said = {
                    401: INVALID,
                    402: PLAN.format(hardware=hardware, zero=SpaceHardware.ZERO_A10G.value),
                    403: FORBIDDEN.format(name=name),
                }.get(error.response.status_code)
                if said is None:
                    raise
                reason = f" It says: {error.server_message}" if error.server_message else ""
                raise HubError(said + reason) from None

    def put(self, content: Content, hardware: str, private: bool = False) -> str:
        """Create or update the Space. Returns its address. Hardware that is refused leaves all as it was. private: of a
        new one. Raises HubError."""
        with self._refusals(hardware=hardware):
            if not self.there:
                self._api.create_repo(
                    self.name, repo_type="space", space_sdk="gradio", space_hardware=hardware, private=private or None
                )
            else:
                runtime = self._api.get_space_runtime(self.name)
                if hardware not in (runtime.requested_hardware, runtime.hardware):
                    self._api.request_space_hardware(self.name, SpaceHardware(hardware))
            operations = [CommitOperationAdd(path, data) for path, data in content.files.items()]
            operations += [CommitOperationDelete(path) for path in self._leftovers(content)]
            message = f"Generative Playground {content.note}"
            self._api.create_commit(self.name, operations, commit_message=message, repo_type="space")
        return f"{self.endpoint}/spaces/{self.name}"

    def _leftovers(self, content: Content) -> list[str]:
        """Files of an earlier version. Others, which the Space's owner may have put beside them, stay."""
        folders = tuple(f"{name}/" for name in NEEDED if "." not in name)
        there = self._api.list_repo_files(self.name, repo_type="space") if self.there else []
        return [path for path in there if path.startswith(folders) and path not in content.files]


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make space", description="Put the app on Hugging Face Spaces.")
    parser.add_argument("name", nargs="?", default="generative-playground", help="the Space, as owner/name or a name")
    parser.add_argument("--hardware", choices=[one.value for one in SpaceHardware], default="zero-a10g")
    parser.add_argument("--private", action="store_true", help="of a new Space")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    asked = parser.parse_args(given)
    try:
        files, space = content(asked.hardware), Space(asked.name)
        print(f"Account   {space.account}")
        print(f"Space     {space.name}, {'which is there' if space.there else 'new'}")
        print(f"Hardware  {asked.hardware}")
        print(f"Content   {files.size} ({files.note})")
        if not asked.yes and not agreed("Update it?" if space.there else "Create it?"):
            raise SystemExit("Nothing was done.")
        print(space.put(files, asked.hardware, asked.private))
    except HubError as error:
        raise SystemExit(str(error)) from None


def agreed(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # nobody is there to answer
        return False


if __name__ == "__main__":
    main()
