"""The engine in the caller's thread: it works while the caller waits. For tests, the library and notebooks."""

from playground.engine.base import Engine
from playground.engine.handle import Handle
from playground.engine.host import Host, Message
from playground.experiment import Experiment


class InlineEngine(Engine):
    def __init__(self) -> None:
        super().__init__()
        self._host = Host(self._receive)

    def _receive(self, message: Message) -> None:
        if message["run"] in self.handles:
            self.handles[message["run"]].receive(message)

    def _place(self, name: str, experiment: Experiment, visitor: str, beside: Handle | None = None) -> Handle:
        return Handle(name, experiment, visitor, post=self._host.receive, pump=self._host.turn)
