"""The histories of a host's runs share its memory."""

from playground.engine.hosting.host import Host
from playground.scene import ViewState


def test_many_runs_keep_no_more_than_few(small):
    host = Host(lambda message: None, "cpu")
    look = ViewState().model_dump(mode="json")

    def start(number: int) -> None:
        experiment = small(steps=50, seed=number).model_dump(mode="json")
        host.receive({"do": "start", "run": str(number), "experiment": experiment, "look": look})

    def kept() -> int:
        while any(hosted.state == "training" for hosted in host.runs.values()):
            host.turn()
        return sum(state.nbytes for hosted in host.runs.values() for state in hosted.history.states)

    start(0)
    alone = kept()
    host._memory = alone
    for number in range(1, 4):
        start(number)
        assert kept() <= alone
        assert len(host.runs) == number + 1
    for number in range(1, 4):
        host.receive({"do": "close", "run": str(number)})
    start(4)
    kept()
    assert 51 / 4 < len(host.runs["4"].history.states) <= 51 / 2, "there is room again: for two, of 51 in all"
