"""Values that take long and are measured once: computed in pieces, so that others have their turns, and kept.

    @gradual
    def squares(n: int) -> Generator[None, None, int]:
        for _ in range(n):
            yield  # after every few milliseconds
        return n**2

    squares(3)  # 9, at once
    for _ in squares.ahead(3):
        pass  # the next piece is computed now

All runs of a process that need the same value share it, finished or under way.
"""

from collections.abc import Callable, Generator, Hashable, Iterator
from typing import Generic, ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")

MOST = 64
"""Most values of a function that are kept. The oldest is forgotten."""


class gradual(Generic[Arguments, Value]):
    """A function of hashable arguments, from a generator function that returns its value and yields between pieces."""

    def __init__(self, pieces: Callable[Arguments, Generator[None, None, Value]]) -> None:
        self.__doc__ = pieces.__doc__
        self._pieces = pieces
        self._known: dict[Hashable, Value] = {}
        self._under_way: dict[Hashable, Generator[None, None, Value]] = {}

    def __call__(self, *arguments: Arguments.args, **named: Arguments.kwargs) -> Value:
        """The value. What is missing of it is computed at once."""
        assert not named, "arguments are given by position"
        while arguments not in self._known:
            self._compute(arguments)
        return self._known[arguments]

    def ahead(self, *arguments: Hashable) -> Iterator[None]:
        """Compute the value piece by piece. Yields before each, so that the first `next` costs nothing; ends when the
        value is there."""
        while arguments not in self._known:
            yield
            if arguments not in self._known:
                self._compute(arguments)

    def ahead_of(self, *arguments: Hashable) -> Generator[None, None, Value]:
        """The value, computed piece by piece."""
        yield from self.ahead(*arguments)
        return self._known[arguments]

    def _compute(self, arguments: tuple[Hashable, ...]) -> None:
        if arguments not in self._under_way:
            begun = self._pieces(*cast("tuple[()]", arguments))  # type: ignore[call-arg]
            _keep(self._under_way, arguments, begun)
        try:
            next(self._under_way[arguments])
        except StopIteration as end:
            del self._under_way[arguments]
            _keep(self._known, arguments, end.value)
        except BaseException:
            del self._under_way[arguments]
            raise


def _keep(values: dict, arguments: tuple[Hashable, ...], value: object) -> None:
    values[arguments] = value
    while len(values) > MOST:
        del values[next(iter(values))]
