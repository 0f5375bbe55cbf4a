"""The engine in this process: it works while its caller waits. For tests, the library and notebooks."""

import threading
from collections.abc import Sequence

from playground.engine.base import Engine
from playground.engine.handle import Handle
from playground.engine.hosting.host import Host, Message
from playground.experiment import Experiment


class InlineEngine(Engine):
    """device: where its runs compute (see `playground.training.device`)."""

    def __init__(self, device: str | None = None) -> None:
        super().__init__()
        self._host = Host(self.receive, device)
        self._working = threading.RLock()  # a host is for one thread at a time

    def _post(self, message: Message) -> None:
        with self._working:
            self._host.receive(message)

    def _pump(self) -> bool:
        with self._working:
            return self._host.turn()

    def _place(
        self,
        name: str,
        experiment: Experiment,
        visitor: str,
        beside: Handle | None = None,
        apart: Sequence[Handle] = (),
    ) -> Handle:
        return Handle(name, experiment, visitor, post=self._post, pump=self._pump)
