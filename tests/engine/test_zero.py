"""On ZeroGPU, workers see no GPU, and a run that is lent to one is trained as it would have been here."""

import base64
import json
import math
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from hosts import Quiet, listening

from playground import Experiment, Run, fit
from playground.engine import ENGINES, InlineEngine, make
from playground.engine.host import Host
from playground.engine.zero import engine as zero
from playground.engine.zero import segment as parts
from playground.engine.zero.engine import NO_GPU, QUOTA, Loans
from playground.engine.zero.segment import BEGINNING, LONGEST, least_steps, seconds, segment
from playground.training.device import device_of, zero_gpu
from playground.training.state import State

ROOT = Path(__file__).parents[2]
SAMPLE = {"ask": "sample", "n": 20, "seed": 1}


@pytest.fixture
def each_step(monkeypatch):
    """A state comes back after each step, and there is time for all of them."""
    monkeypatch.setattr(parts, "EVERY", 0)
    monkeypatch.setattr(parts, "seconds", lambda *_: 10**6)


def everything(run: Run) -> bytes:
    return run.state().to_bytes()


def stepped(run: Run, steps: int) -> Run:
    for _ in range(steps):
        run.advance()
    return run


# What is worth a GPU, and what is asked for.


def test_a_gpu_is_for_images_and_wide_networks():
    for dataset, config in (("mnist", {}), ("digits", {}), ("two_moons", {"width": 256, "batch_size": 1024})):
        least = least_steps(Experiment(dataset=dataset, config=config))
        assert least
        assert 0 < least < 5000
    assert least_steps(Experiment(dataset="two_moons")) is None
    paired = {"coupling": "optimal_transport", "batch_size": 512}  # which is computed on the CPU
    assert least_steps(Experiment(dataset="two_moons", config=paired)) is None


def test_seconds_are_asked_for_by_the_budget():
    def asked(steps: int, **more) -> int:
        return seconds(Experiment(**more).model_dump(mode="json"), b"", steps, None)

    assert asked(1, dataset="digits") == math.ceil(BEGINNING) + 1
    assert asked(1000, dataset="digits") < asked(1000, dataset="mnist") < LONGEST
    assert asked(10**6, dataset="mnist") == LONGEST


def test_on_zero_gpu_everything_computes_on_the_cpu(monkeypatch):
    monkeypatch.delenv("PLAYGROUND_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)  # as `spaces` has it
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert (zero_gpu(), device_of().type) == (False, "cuda")
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert (zero_gpu(), device_of().type) == (True, "cpu")


def test_without_the_package_there_is_a_sentence(monkeypatch):
    assert ENGINES["zero"] is zero.ZeroEngine
    monkeypatch.setitem(sys.modules, "spaces", None)
    with pytest.raises(ValueError, match="needs the package spaces"):
        make("zero")


# A state crosses processes, and goes on as it would have gone on.

KINDS = [
    ("gan", "two_moons", {"r1": 0.1}),
    ("vae", "digits", {}),
    ("flow", "two_moons", {"width": 16}),
]


@pytest.mark.parametrize(("family", "dataset", "config"), KINDS, ids=str)
def test_a_segment_trains_as_this_process_would(family, dataset, config, each_step):
    wanted = Experiment(family=family, dataset=dataset, steps=12, seed=3, config={"batch_size": 32} | config)
    here = stepped(Run(wanted), 5)
    for begin, came in ((Run(wanted), 12), (here, 7)):
        pieces = list(segment(wanted.model_dump(mode="json"), everything(begin), 12 - begin.step, None))
        assert [piece["last"] for piece in pieces] == [False] * (came - 1) + [True]
        for piece in pieces:
            state = State.from_bytes(piece["state"])
            assert everything(stepped(Run(wanted), state.step)) == piece["state"]
            assert all(map(math.isfinite, piece["scalars"].values()))
    again = Run(wanted)
    again.load(state)
    assert (again.sample(10) == fit(wanted).sample(10)).all()


def test_only_one_player_trains(each_step):
    wanted = Experiment(family="gan", dataset="two_moons", steps=10, config={"batch_size": 32})
    alone = Run(wanted)
    alone.advance("discriminator")
    [piece] = segment(wanted.model_dump(mode="json"), everything(Run(wanted)), 1, "discriminator")
    assert piece["state"] == everything(alone)


def test_a_segment_ends_in_time(small, monkeypatch):
    wanted = small(steps=100_000)
    given = wanted.model_dump(mode="json"), everything(Run(wanted)), 100_000, None
    monkeypatch.setattr(parts, "seconds", lambda *_: BEGINNING + 0.1)
    *_, piece = segment(*given)
    assert piece["last"]
    assert State.from_bytes(piece["state"]).step < 100_000
    monkeypatch.setattr(parts, "seconds", lambda *_: BEGINNING)
    assert list(segment(*given)) == [], "there was no time"


def test_what_diverges_is_left_to_the_cpu(each_step):
    wanted = Experiment(dataset="two_moons", steps=50, config={"learning_rate": 0.1, "width": 8})
    run = Run(wanted)
    with torch.no_grad():
        next(iter(run.family.parameters())).fill_(math.nan)
    assert list(segment(wanted.model_dump(mode="json"), everything(run), 50, None)) == []


# A host lends a run, and takes back what came of it.


class Lender:
    """A host, and what it sent."""

    def __init__(self, wanted: Experiment, **more):
        self.sent: list[dict] = []
        self.host = Host(self.sent.append, "cpu")
        self.say("start", experiment=wanted.model_dump(mode="json"), look={}, visitor="anna", **more)

    def say(self, do: str, **more) -> dict:
        self.host.receive({"do": do, "run": "a", **more})
        return self.sent[-1] if self.sent else {}

    def pieces(self, loan: int = 1) -> list[dict]:
        lent = self.say("lend", loan=loan, least=1)
        return list(segment(lent["experiment"], base64.b64decode(lent["state"]), lent["steps"], lent["only"]))

    def take(self, piece: dict, loan: int = 1) -> None:
        told = {"scalars": piece["scalars"], "seconds": piece["seconds"]}
        self.say("take", loan=loan, state=base64.b64encode(piece["state"]).decode(), **told)

    @property
    def hosted(self):
        return self.host.runs["a"]

    def frame(self) -> dict:
        while self.host.turn():
            pass
        return json.loads(next(message["frame"] for message in reversed(self.sent) if "frame" in message))


def test_what_comes_back_is_shown_asked_and_kept(small, each_step):
    wanted = small(steps=20, seed=4)
    lender = Lender(wanted)
    pieces = lender.pieces()
    for piece in pieces[:-1]:
        lender.take(piece)
    assert everything(lender.hosted.run) == pieces[-2]["state"]
    shown = lender.frame()  # and it waits: a turn trains no step
    assert (shown["step"], shown["state"]) == (19, "training")
    assert shown["scalars"]["loss"] == pytest.approx(pieces[-2]["scalars"]["loss"], abs=1e-4)
    lender.say("ask", number=1, question={"ask": "sample", "n": 5, "seed": 1, "step": 7})
    lender.frame()
    answer = next(message["answer"] for message in lender.sent if message.get("question") == 1)
    assert answer["samples"] == pytest.approx(stepped(Run(wanted), 7).sample(5, seed=1), abs=1e-4)
    lender.take(pieces[-1])
    shown = lender.frame()
    assert (shown["step"], shown["state"], "loss" in shown["scalars"]) == (20, "done", True)


def test_until_something_comes_and_after_that_it_trains_here(small, each_step):
    lender = Lender(small(steps=100_000))
    late = lender.say("lend", loan=1, least=1)
    lender.host.turn()
    lender.host.turn()
    step = lender.hosted.run.step
    assert step > 0
    old = segment(late["experiment"], base64.b64decode(late["state"]), 1, None)
    lender.take(next(old))
    assert lender.hosted.run.step == step, "it had come further"
    lender.say("return", loan=1, message=QUOTA)
    lender.host.turn()
    assert lender.hosted.run.step > step
    assert lender.hosted.message == QUOTA


@pytest.mark.parametrize("change", ["pause", "edit", "step"])
def test_who_changes_the_run_ends_the_loan(small, each_step, change):
    lender = Lender(small(steps=20))
    pieces = lender.pieces()
    lender.take(pieces[3])
    if change == "step":
        lender.say("pause")
    lender.say(change, **{"edit": {"changes": {"learning_rate": 0.01}}, "step": {"steps": 2}}.get(change, {}))
    before = everything(lender.hosted.run)
    lender.take(pieces[10])
    lender.say("return", loan=1, message=QUOTA)
    assert everything(lender.hosted.run) == before
    assert not lender.hosted.message
    shown = lender.frame()
    assert (shown["step"], shown["state"]) == {"pause": (4, "paused"), "edit": (20, "done"), "step": (6, "paused")}[
        change
    ]


def test_what_gains_nothing_is_not_lent(small):
    for lender in (Lender(small(steps=20), steps=0), Lender(small(steps=20, reflows=1))):
        assert "state" not in lender.say("lend", loan=1, least=1)
    assert "state" not in Lender(small(steps=20)).say("lend", loan=1, least=21)


# The loans of a run, between its handle and its host.

asking: ContextVar[str] = ContextVar("asking", default="nobody")


class Refusal(Exception):
    title = "ZeroGPU quota exceeded"


class Bank:
    """The other end of loans: what their host is sent, and what their function does."""

    def __init__(self, pieces=(), steps=5):
        self.sent: list[dict] = []
        self.asked: list[str] = []
        self.pieces, self.steps, self.closed = pieces, steps, 0
        self.loans = Loans("a", self.send, self.train, least=3)

    def send(self, message: dict) -> None:
        self.sent.append(message)
        if message["do"] == "lend":
            state = base64.b64encode(b"state").decode()
            lent = {"state": state, "steps": self.steps, "only": None, "experiment": {}} if self.steps else {}
            self.loans.receive({"run": "a", "loan": message["loan"], **lent})

    def train(self, experiment, state, steps, only):
        self.asked.append(asking.get())
        ends = "last" in self.pieces
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                if callable(piece):
                    piece()
                else:
                    yield {"state": b"new", "scalars": {}, "seconds": 1.0, "last": piece == "last"}
        except GeneratorExit:
            self.closed += 1
            raise
        finally:
            if ends:
                self.steps = 0

    def tell(self, *orders: str) -> list[str]:
        """What the host was told, when all is quiet again."""
        for do in orders:
            self.loans.post({"do": do, "run": "a"})
        self.quiet()
        return [message["do"] for message in self.sent]

    def quiet(self) -> None:
        while self.loans._busy:
            time.sleep(0.001)


def test_segment_follows_segment_until_the_end():
    bank = Bank(pieces=["more", "last"])
    told = bank.tell("start")
    assert told == ["start", "lend", "take", "take", "return", "lend"]
    assert bank.sent[2] == {
        "do": "take",
        "run": "a",
        "loan": 1,
        "state": base64.b64encode(b"new").decode(),
        "scalars": {},
        "seconds": 1.0,
    }
    assert [message["message"] for message in bank.sent if message["do"] == "return"] == [""]


@pytest.mark.parametrize(("error", "said"), [(Refusal(), QUOTA), (RuntimeError("broken"), NO_GPU)], ids=str)
def test_a_refusal_is_told_once_and_no_gpu_is_asked_for_again(error, said, caplog):
    bank = Bank(pieces=["more", error])
    assert bank.tell("start") == ["start", "lend", "take", "return"]
    assert bank.sent[-1]["message"] == said
    assert bank.tell("resume", "edit")[4:] == ["resume", "edit"]


def test_a_segment_that_breaks_off_is_not_repeated():
    assert Bank(pieces=["more"]).tell("start") == ["start", "lend", "take", "return"]


def test_a_change_stops_a_segment_and_begins_another():
    bank = Bank()

    def edit() -> None:
        bank.loans.post({"do": "edit", "run": "a"})
        bank.pieces = ["last"]

    bank.pieces = ["more", edit, "more", "more"]
    told = bank.tell("start")
    assert told == ["start", "lend", "take", "edit", "return", "lend", "take", "return", "lend"]
    assert [message["loan"] for message in bank.sent if message["do"] == "lend"] == [1, 2, 2]
    assert bank.closed == 1


@pytest.mark.parametrize("order", ["pause", "close"])
def test_a_run_that_rests_is_not_lent(order):
    bank = Bank()
    bank.pieces = ["more", lambda: bank.loans.post({"do": order, "run": "a"}), "more"]
    assert bank.tell("start") == ["start", "lend", "take", order, "return"]
    assert bank.tell("look", "ask")[5:] == ["look", "ask"]


def test_it_is_the_visitors_own_quota():
    bank = Bank(pieces=["last"])
    for who in ("anna", "bert"):
        token = asking.set(who)
        bank.steps = 5
        bank.tell("resume")
        asking.reset(token)
    assert bank.asked == ["anna", "bert"]


# The app on ZeroGPU, as far as the emulation goes that `spaces` brings: without CUDA.


def token(name: str) -> str:
    """As the hub sends it with each request, unsigned."""
    payload = base64.urlsafe_b64encode(json.dumps({"user": name}).encode()).decode().rstrip("=")
    return f"head.{payload}.signature"


@contextmanager
def device_api():
    """ZeroGPU's scheduler. Yields its address, and what it was asked: (what, parameters). Carl has no quota left."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Api(Quiet):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked.append((parts.path, given))
            status, answer = 200, {}
            if parts.path == "/schedule" and given.get("token") == token("carl"):
                status, answer = 429, {"left": 0, "wait": 3600}
            elif parts.path == "/schedule":
                count = sum(path == "/schedule" for path, _ in asked)
                answer = {"idle": False, "nvidiaIndex": count, "nvidiaUUID": "none", "allowToken": str(count)}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with listening(Api) as address:
        yield address, asked


@pytest.fixture(scope="module")
def space(small, tmp_path_factory):
    """Three visitors of a Space on ZeroGPU: {"asked", "longest", "seen", and of each visitor "wanted", "last", the last
    frame, and "samples"}."""
    if find_spec("spaces") is None:
        pytest.skip("the package spaces is not installed")
    from gradio_client import Client

    told = tmp_path_factory.mktemp("zero") / "told"
    wanted = {who: small(steps=12, seed=seed, width=16) for who, seed in (("anna", 1), ("bert", 2), ("carl", 3))}
    with device_api() as (address, asked):
        environment = {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": address, "TOLD": str(told)}
        process = subprocess.Popen(
            [sys.executable, Path(__file__).parent / "space_on_zero.py"],
            env=os.environ | environment | {"PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        watch = threading.Timer(600, process.kill)  # only there to end a failing test
        watch.start()
        try:
            url, longest = process.stdout.readline().split()
            clients = {who: Client(url, headers={"x-ip-token": token(who)}, verbose=False) for who in wanted}
            jobs = {
                who: clients[who].submit(one.model_dump(mode="json"), api_name="/train") for who, one in wanted.items()
            }
            last = {who: list(job)[-1] for who, job in jobs.items()}
            samples = {who: clients[who].predict(SAMPLE, "flow", api_name="/ask")["samples"] for who in wanted}
            process.communicate()  # it ends
        finally:
            watch.cancel()
            process.kill()
    seen = [json.loads(line) for line in told.read_text().splitlines()]
    return {"asked": asked, "longest": longest, "seen": seen, "wanted": wanted, "last": last, "samples": samples}


def test_each_visitor_gets_what_this_process_would_have_trained(space):
    assert {who: (one["state"], one["step"]) for who, one in space["last"].items()} == dict.fromkeys(
        space["wanted"], ("done", 12)
    )
    for who, wanted in space["wanted"].items():
        here = InlineEngine().start(wanted)
        while here.state == "training":
            here.wait(here.sent, 60)
        assert space["samples"][who] == here.ask(SAMPLE)["samples"], "bit for bit"


def test_a_gpu_is_asked_for_once_for_each_in_their_own_name(space):
    assert space["asked"][0][0] == "/startup-report", "a decorated function was found"
    schedules = [given for path, given in space["asked"] if path == "/schedule"]
    assert sorted(given["token"] for given in schedules) == sorted(map(token, space["wanted"]))
    assert {given["durationSeconds"] for given in schedules} == {str(round(float(space["longest"])))}
    released = [given["fail"] for path, given in space["asked"] if path == "/release"]
    assert released == ["false", "false"], "those of two visitors: the third had no quota"


def test_only_the_app_knows_spaces_and_nobody_touches_cuda(space):
    [app] = [one for one in space["seen"] if one["process"] == "app"]
    assert (app["engine"], app["emulated"], app["spaces"], app["initialized"]) == ("ZeroEngine", True, True, False)
    workers = [one for one in space["seen"] if one["process"] == "worker"]
    assert workers
    for worker in workers:
        known = {"process": "worker", "spaces": False, "gradio": False, "initialized": False, "visible": ""}
        assert worker == known
