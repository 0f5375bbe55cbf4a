"""A stand-in for the Hugging Face hub that speaks as much of its HTTP interface as huggingface_hub uses here."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from hosts import Quiet, listening

COMMIT = "c" * 40
CONVERTED = "d" * 40


@dataclass
class StandIn:
    """users: their names, by token. repos: the files of each, {name: {path: content}}; its name begins with "models/",
    "datasets/", "spaces/" or, for what the hub converted, "converted/". gated: the names of models that not all may
    open. hardware: of each Space, by its name; paying: who may have any, others have that of ZeroGPU. down: the status
    that it answers everything with, if it is out of order."""

    users: dict[str, str] = field(default_factory=lambda: {"hf_anna": "anna"})
    repos: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    hardware: dict[str, str] = field(default_factory=dict)
    paying: set[str] = field(default_factory=set)
    uploaded: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: int = 0
    address: str = ""


class Refusal(Exception):
    def __init__(self, status: int, code: str = ""):
        self.status, self.code = status, code


@contextmanager
def hub() -> Iterator[StandIn]:
    """The stand-in, listening at its address."""
    stand_in = StandIn()

    class Handler(Quiet):
        def answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length") or 0))
            stand_in.asked.append(f"{self.command} {self.path}")
            path = unquote(urlsplit(self.path).path)
            token = (self.headers.get("authorization") or "").removeprefix("Bearer ")
            try:
                if stand_in.down:
                    raise Refusal(stand_in.down)
                head, content = respond(stand_in, self.command, path, sent, token)
                status = 200
            except Refusal as refusal:
                head, content, status = {"x-error-code": refusal.code}, b"{}", refusal.status
            self.send_response(status)
            for name, value in {"content-length": str(len(content)), **head}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_HEAD = answer

    with listening(Handler) as stand_in.address:
        yield stand_in


def respond(hub: StandIn, verb: str, path: str, sent: bytes, token: str) -> tuple[dict[str, str], bytes]:
    """The headers and the content of an answer. Raises Refusal."""
    parts = path.strip("/").split("/")
    if verb == "PUT" and parts[0] == "store":
        hub.uploaded[parts[1]] = sent
        return {}, b""
    if "resolve" in parts:
        return resolved(hub, parts)
    if path == "/api/whoami-v2":
        name = user(hub, token)
        return as_json({"name": name, "type": "user", "isPro": name in hub.paying})
    if path == "/api/repos/create":
        return as_json({"url": f"{hub.address}/{created(hub, json.loads(sent), user(hub, token))}"})
    if path == "/api/validate-yaml":
        text = json.loads(sent)["content"]
        return as_json({"errors": [] if text.startswith("---\n") else [{"message": "no head"}], "warnings": []})
    if path.endswith("/info/lfs/objects/batch"):
        objects = [
            {**it, "actions": {"upload": {"href": f"{hub.address}/store/{it['oid']}"}}}
            for it in json.loads(sent)["objects"]
        ]
        return as_json({"transfer": "basic", "objects": objects})
    if parts[:2] == ["api", "datasets"]:
        return as_json(described(hub, "/".join(parts[2:4]), converted=len(parts) > 4))
    name = "/".join(parts[1:4])
    if parts[:1] != ["api"] or name not in hub.repos:
        raise Refusal(404, "RepoNotFound")
    if parts[1] == "spaces" and len(parts) == 4:
        return as_json({"id": "/".join(parts[2:])})
    if parts[4:5] == ["tree"]:
        kept = hub.repos[name].items()
        return as_json([{"type": "file", "path": path, "oid": "", "size": len(data)} for path, data in kept])
    if parts[4:5] == ["runtime"]:
        return as_json(runtime(hub.hardware[name]))
    if parts[4:5] == ["hardware"]:
        hub.hardware[name] = permitted(hub, json.loads(sent)["flavor"], user(hub, token))
        return as_json(runtime(hub.hardware[name]))
    if parts[4:5] == ["preupload"]:
        files = [
            {"path": file["path"], "uploadMode": mode(file["path"]), "shouldIgnore": False}
            for file in json.loads(sent)["files"]
        ]
        return as_json({"files": files})
    if parts[4:5] == ["commit"]:
        if user(hub, token) != parts[2]:
            raise Refusal(403)
        for line in map(json.loads, sent.splitlines()):
            if line["key"] == "file":
                hub.repos[name][line["value"]["path"]] = base64.b64decode(line["value"]["content"])
            elif line["key"] == "lfsFile":
                hub.repos[name][line["value"]["path"]] = hub.uploaded[line["value"]["oid"]]
            elif line["key"] == "deletedFile":
                del hub.repos[name][line["value"]["path"]]
        return as_json({"commitUrl": f"{hub.address}/{name}/commit/{COMMIT}", "commitOid": COMMIT})
    raise Refusal(404)


def mode(path: str) -> str:
    return "lfs" if path.endswith((".safetensors", ".png")) else "regular"


def runtime(hardware: str) -> dict:
    return {"stage": "RUNNING", "hardware": {"current": hardware, "requested": hardware}}


def permitted(hub: StandIn, hardware: str, owner: str) -> str:
    if hardware != "zero-a10g" and owner not in hub.paying:
        raise Refusal(402)
    return hardware


def user(hub: StandIn, token: str) -> str:
    if token not in hub.users:
        raise Refusal(401)
    return hub.users[token]


def created(hub: StandIn, wanted: dict, owner: str) -> str:
    """Make a repository, unless it is there. Its owner and name."""
    if (wanted.get("organization") or owner) != owner:
        raise Refusal(403)
    name = f"{owner}/{wanted['name']}"
    if wanted.get("type") != "space":
        hub.repos.setdefault(f"models/{name}", {})
        return name
    if wanted["sdk"] != "gradio" or f"spaces/{name}" in hub.repos:
        raise Refusal(409)
    hub.hardware[f"spaces/{name}"] = permitted(hub, wanted["hardware"], owner)
    hub.repos[f"spaces/{name}"] = {}
    return f"spaces/{name}"


def described(hub: StandIn, name: str, converted: bool) -> dict:
    """A data set's files with their sizes, or those of its branch of converted files."""
    if f"datasets/{name}" not in hub.repos:
        raise Refusal(401, "RepoNotFound")
    files = hub.repos.get(f"converted/{name}") if converted else hub.repos[f"datasets/{name}"]
    if files is None:
        raise Refusal(404, "RevisionNotFound")
    siblings = [{"rfilename": path, "size": len(content)} for path, content in files.items()]
    return {"id": name, "sha": CONVERTED if converted else COMMIT, "siblings": siblings}


def resolved(hub: StandIn, parts: list[str]) -> tuple[dict[str, str], bytes]:
    """The file at owner/name/resolve/revision/path, of a model or, after "datasets/", of a data set."""
    kind = "datasets" if parts[0] == "datasets" else "models"
    owner, name, _, revision, *path = parts[1:] if kind == "datasets" else parts
    kind = "converted" if revision == CONVERTED else kind
    found = hub.repos.get(f"{kind}/{owner}/{name}")
    if found is None:
        raise Refusal(401, "RepoNotFound")
    if f"{owner}/{name}" in hub.gated:
        raise Refusal(403, "GatedRepo")
    if "/".join(path) not in found:
        raise Refusal(404, "EntryNotFound")
    content, commit = found["/".join(path)], CONVERTED if revision == CONVERTED else COMMIT
    return {"etag": f'"{hashlib.sha256(content).hexdigest()}"', "x-repo-commit": commit}, content


def as_json(content: object) -> tuple[dict[str, str], bytes]:
    return {"content-type": "application/json"}, json.dumps(content).encode()
