"""Numerical integrators for dx/dt = v(x, t): each is a step function and a line in SOLVERS.

Orders and coefficients: Hairer, Nørsett, Wanner, *Solving Ordinary Differential Equations I*, chapter II.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, pairwise

import torch
from torch import Tensor

Field = Callable[[Tensor, Tensor], Tensor]
"""v(x, t): maps points x (n, dim) and times t (n,) to velocities (n, dim)."""

OneStep = Callable[[Callable[[Tensor, float], Tensor], Tensor, float, float], Tensor]
"""step(v, x, t, h): from x at time t to x at time t + h, with a scalar t."""


def euler(v, x, t, h):
    return x + h * v(x, t)


def midpoint(v, x, t, h):
    return x + h * v(x + h / 2 * v(x, t), t + h / 2)


def heun(v, x, t, h):
    k1 = v(x, t)
    k2 = v(x + h * k1, t + h)
    return x + h / 2 * (k1 + k2)


def rk4(v, x, t, h):
    k1 = v(x, t)
    k2 = v(x + h / 2 * k1, t + h / 2)
    k3 = v(x + h / 2 * k2, t + h / 2)
    k4 = v(x + h * k3, t + h)
    return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@dataclass(frozen=True)
class Solver:
    """order: the global error is proportional to (step size)^order; evaluations: calls of v per step (None if
    adaptive)."""

    order: int
    evaluations: int | None
    step: OneStep | None


SOLVERS: dict[str, Solver] = {
    "euler": Solver(1, 1, euler),
    "midpoint": Solver(2, 2, midpoint),
    "heun": Solver(2, 2, heun),
    "rk4": Solver(4, 4, rk4),
    "dopri5": Solver(5, None, None),  # Dormand–Prince with adaptive steps, from torchdiffeq
}

TOLERANCE = 1e-6
"""Relative and absolute tolerance of dopri5, in canvas units. It bounds the error of a step, as the root mean square
over all points, so single points err by more. Measured on 1,500 points along the exact fields of eight Gaussians and
two moons and a learned one: the worst point ends .0005 to .003 away, after 128 to 212 evaluations. With 1e-4 it was .11
to .28; a tolerance for each point (1e-5) costs as much as this and errs by .0003 to .02."""

ADAPTIVE_EVALUATIONS = 200
"""Typical number of evaluations of dopri5 from noise to data, to estimate its cost."""

MOST_EVALUATIONS = 5 * ADAPTIVE_EVALUATIONS
"""Maximum number of evaluations of dopri5; a field that needs more is not solved."""


def evaluations(solver: str, steps: int) -> int:
    """The number of field evaluations of a solver for `steps` steps (an estimate if adaptive). KeyError if unknown."""
    each = SOLVERS[solver].evaluations
    return ADAPTIVE_EVALUATIONS if each is None else each * steps


def solve(field: Field, x: Tensor, times: Tensor, solver: str = "midpoint") -> Tensor:
    """Integrate the field from `x` (n, dim) at times[0]; the points at all times, (len(times), n, dim), x first.

    A fixed-step solver takes one step per interval of `times`; dopri5 chooses its steps adaptively and reports at
    `times`. Times may decrease. If the integration fails, as for a diverged model, the points are NaN with any solver.
    Raises KeyError for an unknown solver.
    """

    def v(x: Tensor, t: Tensor | float) -> Tensor:
        return field(x, torch.as_tensor(t, dtype=x.dtype, device=x.device).expand(len(x)))

    step = SOLVERS[solver].step
    if step is None:
        return _adaptive(v, x, times, [])
    places = [x]
    for t, after in pairwise(times.tolist()):
        places.append(step(v, places[-1], t, after - t))
    return torch.stack(places)


def step_times(field: Field, x: Tensor, times: Tensor, solver: str) -> Tensor:
    """The times between which a solver takes its steps, from times[0] to times[-1] (k,): `times`, or, of dopri5, where
    it accepted a step for the points x (n, dim), which are solved together."""
    if SOLVERS[solver].step is not None:
        return times
    accepted: list[float] = []
    ends = times[[0, -1]]
    _adaptive(lambda x, t: field(x, torch.as_tensor(t).to(x).expand(len(x))), x, ends, accepted)
    return torch.tensor([*accepted, float(ends[1])]).to(times) if accepted else ends


def _adaptive(v: Callable[[Tensor, Tensor | float], Tensor], x: Tensor, times: Tensor, accepted: list[float]) -> Tensor:
    """The solution of dopri5, as in `solve`. accepted: where the beginnings of its accepted steps are put."""
    if len(times) == 1:
        return x[None]
    from torchdiffeq import odeint  # loads scipy, and few use it

    asked = count(1)

    def counted(t: Tensor, x: Tensor) -> Tensor:
        assert next(asked) <= MOST_EVALUATIONS
        return v(x, t)

    # torchdiffeq calls this at the beginning of each step that it accepts.
    counted.callback_accept_step = lambda t, x, step: accepted.append(float(t))  # type: ignore[attr-defined]
    try:
        return odeint(counted, x, times.to(x), rtol=TOLERANCE, atol=TOLERANCE, method="dopri5")
    except AssertionError:  # the steps are too small, or there are too many
        return torch.stack([x, *[torch.full_like(x, torch.nan)] * (len(times) - 1)])
