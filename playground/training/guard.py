"""When a training has failed: its loss is no number, or far above where it began."""

import math

REMEDY = "The learning rate is probably too high: lower it, reset, and train again."


LEAST = 0.1
"""A first loss nearer to 0 than this is no reference."""

CALM = 2.0
"""A loss has begun to diverge when it exceeds its first value by this factor."""


class Diverged(ArithmeticError):
    """Training diverged. The message states what happened, the probable cause and what to change. step: when."""

    def __init__(self, message: str, step: int) -> None:
        super().__init__(message)
        self.step = step

    def __reduce__(self) -> tuple[type["Diverged"], tuple[str, int]]:  # a pool of processes pickles its errors
        return type(self), (str(self), self.step)


class Guard:
    """Monitors one player's loss, and stops a run whose loss is NaN or infinite or, over some steps, far above its
    first value. The reference is the very first loss, because a much too large step already affects the second.

    No single loss can stop a run: late in a long training, a field that has grown steep may miss one point of a batch
    by a hundred times the spread of the data. Its gradient is clipped, and the steps that follow are like those before.
    """

    MEMORY = 0.9
    MOST = 2.0
    """What one loss counts at most, as a multiple of the loss at which a run is stopped, so that it takes seven."""

    def __init__(self, far: float | None) -> None:
        self._far = math.inf if far is None else far
        self._begin: float | None = None
        self._recent = 0.0
        self._sum = 0.0
        self._count = 0
        self._mean = math.nan

    @property
    def memory(self) -> tuple[float | None, float]:
        """What a later loss is compared with."""
        return self._begin, self._recent

    @memory.setter
    def memory(self, memory: tuple[float | None, float]) -> None:
        self._begin, self._recent = memory

    def watch(self, loss: float, step: int) -> None:
        """Record the loss of a step. Raises Diverged."""
        if not math.isfinite(loss):
            raise Diverged(
                f"The loss became {'infinite' if math.isinf(loss) else 'not a number'} at step {step:,}. {REMEDY}",
                step,
            )
        if self._begin is None:
            self._begin = self._recent = loss
        limit = self._far * max(abs(self._begin), LEAST)
        self._recent = self.MEMORY * self._recent + (1 - self.MEMORY) * min(loss, self.MOST * limit)
        if self._recent > limit:
            raise Diverged(
                f"The loss rose far above where it began: from {self._begin:.2g} to {loss:.2g} at step {step:,}. "
                + REMEDY,
                step,
            )
        self._sum += loss
        self._count += 1

    @property
    def calm(self) -> bool:
        """Whether the loss is not far above where it began, nor on its way there."""
        return self._begin is None or math.isinf(self._far) or self._recent <= CALM * max(abs(self._begin), LEAST)

    def mean(self) -> float:
        if self._count:
            self._mean, self._sum, self._count = self._sum / self._count, 0.0, 0
        return self._mean
