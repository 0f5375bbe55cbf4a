"""When the frames of a run are due.

A host spends at most SHARE of its time on frames, shared evenly among visitors. What a frame costs is CPU time of the
host's thread: the clock of a busy machine also counts what others did meanwhile, and would slow frames down further.
"""

from collections import deque
from collections.abc import Iterable
from statistics import median

FRAME_EVERY = 1 / 15
"""Least seconds between the frames of a run."""

SLOWEST_FRAME = 0.6
"""Most seconds between the frames of a run because of others. With many runs each gets fewer frames, but at least these
if the host keeps up."""

SHARE = 0.25
"""Largest share of a host's time that goes to frames; also of a run's own time, if its frames are expensive (a thousand
sampler steps)."""

CHEAP = 0.006
"""Seconds that frames are expected to cost, before any has been measured."""

RECENT = 5
"""Frames whose median is the cost of the next, so that one expensive frame (the first, one with charts) holds up none.
"""


LATE = 0.8
"""How late a frame may be, in intervals, without delaying those that follow."""


class Pace:
    """The frames of one run: what they cost, and when the next is due. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._costs = deque([CHEAP] * RECENT, maxlen=RECENT)
        self._last = float("-inf")  # when the last frame was due, or a little before it was sent if that was much later
        self.cost = CHEAP

    def due(self, now: float, every: float) -> bool:
        return now - self._last >= every

    def sent(self, now: float, every: float, cost: float) -> None:
        """A frame was sent now, that cost so many CPU seconds. It was a little late, since a slice of training comes
        first; the next one isn't later for that."""
        self._last = max(self._last + every, now - LATE * every)
        self._costs.append(cost)
        self.cost = median(self._costs)


def interval(own: Pace, visitor: str, training: Iterable[tuple[str, Pace]]) -> float:
    """Seconds between two frames of a run of this visitor. training: the visitor and the pace of each run in training.

    Frames come equally often for all visitors. A visitor's runs share what one run would have.
    """
    costs: dict[str, list[float]] = {visitor: []}
    for who, pace in training:
        costs.setdefault(who, []).append(pace.cost)
    round_of_all = sum(sum(own) / len(own) for own in costs.values() if own) / SHARE
    crowded = max(1, len(costs[visitor])) * round_of_all
    return max(FRAME_EVERY, min(SLOWEST_FRAME, crowded), own.cost / SHARE)
