"""Ranks by a score, shared where the difference may be chance."""

import math
from statistics import fmean, variance

NINETY = 1.645
"""Standard deviations on either side of the mean of a Gaussian that hold 90% of it."""


def ranks(scores: list[list[float]], width: float) -> list[int]:
    """The rank of each contestant, from 1; less is better. Who can't be told from the best of a rank shares it.

    scores: of each contestant, one for each round of the race. width: of the band of a perfect model's score, which
    holds 90% of them: the difference of two such scores spreads √2 times as wide, by half of that on either side. With
    several rounds, the spread of the scores themselves counts, if it is larger."""
    order = sorted(range(len(scores)), key=lambda i: fmean(scores[i]))
    found, leader = [0] * len(scores), -1
    for place, i in enumerate(order, 1):
        if leader >= 0 and fmean(scores[i]) - fmean(scores[leader]) <= margin(scores[i], scores[leader], width):
            found[i] = found[leader]
        else:
            found[i], leader = place, i
    return found


def margin(one: list[float], other: list[float], width: float) -> float:
    """The difference of two mean scores that chance explains in nine of ten cases."""
    rounds = min(len(one), len(other))
    chance = width / math.sqrt(2 * rounds)
    if rounds < 2:
        return chance
    return max(chance, NINETY * math.sqrt(variance(one) / len(one) + variance(other) / len(other)))
