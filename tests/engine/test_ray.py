"""Hosts on a cluster of two machines, of one core each, which are processes here. Ray is an optional extra."""

import os
import sys
import threading
import time

import pytest

from playground.engine import Gone, InlineEngine, make
from playground.engine.crew import DIED

ENDLESS = 100_000
SAMPLE = {"ask": "sample", "n": 20, "seed": 1}


def test_without_ray_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "playground.engine.ray", raising=False)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ValueError, match=r"requirements-ray\.txt"):
        make("ray")


@pytest.fixture(scope="module")
def cluster():
    testing = pytest.importorskip("ray.cluster_utils")
    small = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    cluster = testing.Cluster(initialize_head=True, head_node_args=small | {"include_dashboard": False})
    cluster.other = cluster.add_node(**small)
    yield cluster
    cluster.shutdown()


@pytest.fixture(scope="module")
def engine(cluster):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAY_ADDRESS", cluster.address)
        engine = make("ray")
    yield engine
    engine.close()


def eventually(condition) -> bool:
    deadline = time.monotonic() + 180
    while not (come := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return come


def test_a_host_on_each_machine_tells_what_this_process_would(engine, small, until, frame):
    assert engine.hosts.wanted == 2
    assert eventually(lambda: engine.hosts.ready == 2)
    told = []
    for one in (InlineEngine(), engine, engine):
        handle = until(one.start(small(seed=8, steps=100), steps=0), "paused")
        handle.step(1)  # the loss is a mean since the last frame
        until(handle, "paused")
        told.append((frame(handle)["scalars"], frame(handle)["layers"], handle.ask(SAMPLE)))
    assert told[0] == told[1] == told[2]
    assert len({engine._home[name] for name in engine.handles}) == 2, "runs spread over the machines"
    for handle in engine.handles.values():
        handle.close()


def inside(worker, look):
    """What a function finds in an actor's process."""
    ray = pytest.importorskip("ray")
    return ray.get(worker.actor.__ray_call__.remote(lambda trainer: look()))


def test_hosts_are_as_nice_as_the_app(engine):
    """Ray's default of 15 leaves them a few hundredths of a core that somebody else uses, too."""
    assert eventually(lambda: engine.hosts.ready == 2)
    assert [inside(worker, lambda: os.nice(0)) for worker in engine.workers] == [os.nice(0)] * 2


def test_a_lost_machine_is_told_like_a_dead_worker_and_the_others_go_on(cluster, engine, small, until, caplog):
    ray = pytest.importorskip("ray")
    handles = [until(engine.start(small(steps=ENDLESS)), lambda f: f["step"] > 0) for _ in range(2)]
    lost_node = cluster.other.node_id
    where = [inside(engine._home[handle.name], lambda: ray.get_runtime_context().get_node_id()) for handle in handles]
    assert sorted(node == lost_node for node in where) == [False, True]
    lost, spared = sorted(handles, key=lambda handle: where[handles.index(handle)] != lost_node)
    cluster.remove_node(cluster.other, allow_graceful=False)
    until(lost, "failed")
    assert (lost.message, lost.over) == (DIED, True)
    with pytest.raises(Gone, match="Press Train to start again"):
        lost.ask(SAMPLE)
    seen = spared.sent
    assert spared.wait(seen, timeout=120)
    fresh = until(engine.start(small(steps=20)), "done")
    assert engine._home[fresh.name] is engine._home[spared.name], "the other host waits for a machine"
    cluster.add_node(num_cpus=1, object_store_memory=80 * 2**20)
    assert eventually(lambda: engine.hosts.ready == 2), "and begins anew when one comes"


def test_nobody_calls_ray_for_a_host_that_is_closed(engine, small, monkeypatch):
    """Ray would connect again, to a cluster that may be ending, and then ends this process."""
    assert eventually(lambda: engine.hosts.ready == 2)
    closed, hearing = engine.workers[0], threading.Event()
    monkeypatch.setattr(closed, "hear", lambda message: hearing.set() or time.sleep(1))
    for _ in range(2):  # one of them on it
        engine.start(small(steps=ENDLESS))
    assert hearing.wait(60)
    closed.close()
    assert not closed.listener.is_alive()


def test_a_gpu_is_shared_as_it_is_told(monkeypatch):
    ray_engine = pytest.importorskip("playground.engine.ray")
    assert ray_engine.resources({"CPU": 8.0}) == ({"num_cpus": 1}, 8)
    assert ray_engine.resources({"CPU": 8.0, "GPU": 2.0}) == ({"num_cpus": 0, "num_gpus": 1.0}, 2)
    monkeypatch.setenv(ray_engine.SHARE, "0.25")
    assert ray_engine.resources({"GPU": 2.0}) == ({"num_cpus": 0, "num_gpus": 0.25}, 8)
    for wrong in ("0", "2", "nan", "half"):
        monkeypatch.setenv(ray_engine.SHARE, wrong)
        with pytest.raises(ValueError, match="PLAYGROUND_GPU_SHARE can be 1"):
            ray_engine.resources({"GPU": 2.0})
