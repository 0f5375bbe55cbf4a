"""Integrators have the order, the exactness and the cost that they say."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.integrate import RK45, solve_ivp

from playground.data import NamedSet
from playground.families.paths import STRAIGHT
from playground.solvers import MOST_EVALUATIONS, SOLVERS, TOLERANCE, solve

FIXED = [name for name, solver in SOLVERS.items() if solver.step is not None]
START = torch.tensor([[0.5, -0.5], [1.0, 0.2], [-0.3, 0.7]], dtype=torch.float64)


def field(x, t):
    """Nonlinear and non-autonomous, dx/dt = −2 t x², which x(t) = x0 / (1 + x0 t²) solves."""
    return -2 * t[:, None] * x.square()


def solution(x0, t: float):
    return x0 / (1 + x0 * t**2)


def grid(steps: int, start: float = 0.0, stop: float = 0.8) -> torch.Tensor:
    return torch.linspace(start, stop, steps + 1, dtype=torch.float64)


def error(solver: str, steps: int) -> float:
    return float((solve(field, START, grid(steps), solver)[-1] - solution(START, 0.8)).norm())


@pytest.mark.parametrize("solver", FIXED)
def test_order(solver):
    """The error falls as a power of the step size, and the power is the order: the slope between two sizes."""
    steps = [40, 80, 160]
    errors = [error(solver, n) for n in steps]
    slopes = [math.log2(a / b) for a, b in pairwise(errors)]
    assert slopes == pytest.approx([SOLVERS[solver].order] * 2, abs=0.15)


@pytest.mark.parametrize("solver", FIXED)
@pytest.mark.parametrize("degree", range(5))
def test_exact_for_polynomials_of_time_below_the_order(solver, degree):
    """A method of order p integrates tᵏ exactly for k < p; RK4 is Simpson's rule, so t⁴ is beyond it."""
    x = torch.zeros(2, 2, dtype=torch.float64)
    end = solve(lambda x, t: (t**degree)[:, None].expand_as(x), x, grid(3, 0.25, 2), solver)[-1]
    exact = (2 ** (degree + 1) - 0.25 ** (degree + 1)) / (degree + 1)
    assert (abs(float(end[0, 0]) - exact) < 1e-12) == (degree < SOLVERS[solver].order)


def test_one_step_by_hand():
    """One step of size h for dx/dt = x is the Taylor polynomial of eʰ of the solver's order."""
    x, h = torch.ones(1, 1, dtype=torch.float64), 0.3
    for solver in FIXED:
        got = float(solve(lambda x, t: x, x, torch.tensor([0, h], dtype=torch.float64), solver)[-1])
        assert got == pytest.approx(sum(h**k / math.factorial(k) for k in range(SOLVERS[solver].order + 1)), abs=1e-14)


@pytest.mark.parametrize("solver", SOLVERS)
def test_what_comes_back(solver):
    times = torch.tensor([0.0, 0.1, 0.4, 0.8], dtype=torch.float64)  # uneven
    places = solve(field, START, times, solver)
    assert places.shape == (4, 3, 2)
    assert places.dtype == torch.float64
    assert torch.equal(places[0], START)
    if solver != "euler":
        exact = torch.stack([solution(START, float(t)) for t in times])
        assert torch.allclose(places, exact, atol=0.05)


@pytest.mark.parametrize("solver", SOLVERS)
def test_backwards(solver):
    """From the solution at the end back to where it began; the way there and back closes."""
    times = grid(400)
    end = solution(START, 0.8)
    back = solve(field, end, times.flip(0), solver)
    assert torch.allclose(back[-1], START, atol={"euler": 0.02, "dopri5": 100 * TOLERANCE}.get(solver, 1e-4))
    assert torch.allclose(
        solve(field, back[-1], times, solver)[-1],
        end,
        atol={"euler": 0.02, "dopri5": 100 * TOLERANCE}.get(solver, 1e-4),
    )


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_single_time_moves_nothing(solver):
    def never(x, t):
        raise AssertionError("nothing is to be evaluated")

    assert torch.equal(solve(never, START, torch.tensor([0.3]), solver), START[None])


@pytest.mark.parametrize("solver", FIXED)
def test_evaluations(solver):
    seen = []

    def counted(x, t):
        assert t.shape == (len(x),)
        seen.append(t)
        return field(x, t)

    solve(counted, START, grid(7), solver)
    assert len(seen) == 7 * SOLVERS[solver].evaluations


def test_dopri5_keeps_its_tolerance():
    """… over a single interval, of a field that turns thirty times faster than one fixed step can follow."""

    def wave(x, t):
        return (30 * torch.cos(30 * t))[:, None] + 0 * x

    times = torch.tensor([0.0, 1.0], dtype=torch.float64)
    exact = START + math.sin(30)
    assert float((solve(wave, START, times, "dopri5")[-1] - exact).abs().max()) < 20 * TOLERANCE
    assert float((solve(wave, START, times, "rk4")[-1] - exact).abs().max()) > 1
    assert error("dopri5", 1) < 20 * TOLERANCE


def test_dopri5_spends_where_it_must():
    def calls(speed: float) -> int:
        seen = []

        def wave(x, t):
            seen.append(t)
            return speed * torch.cos(speed * t)[:, None] + 0 * x

        solve(wave, START, torch.tensor([0.0, 1.0]), "dopri5")
        return len(seen)

    assert calls(50.0) > 2 * calls(1.0)


def test_dopri5_takes_every_single_point_where_it_belongs():
    """Along the exact field of data, whose paths part sharply: the worst of 500 points, not their mean."""
    points = NamedSet(name="two_moons").distribution.sample(200, np.random.default_rng(0))[0]
    field = lambda x, t: STRAIGHT.exact_velocity(x, t, torch.as_tensor(points))  # noqa: E731
    z = torch.randn(500, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    there = solve(field, z, grid(2, 0, 0.99), "dopri5")[-1]
    exact = solve(field, z, grid(2000, 0, 0.99), "rk4")[-1]
    assert float((there - exact).norm(dim=1).max()) < 0.01


def test_dopri5_gives_up_on_a_field_that_asks_for_too_much():
    seen = []

    def wave(x, t):
        seen.append(t)
        return torch.cos(1e5 * t)[:, None] * 1e5 + 0 * x

    assert not solve(wave, START, grid(2), "dopri5")[1:].isfinite().any()
    assert len(seen) <= MOST_EVALUATIONS


def test_against_scipy():
    """RK4 on a fine grid and scipy's own Dormand–Prince agree on a field without a closed form."""

    def swirl(x, t):
        return torch.stack([torch.sin(x[:, 1] + 3 * t), torch.cos(x[:, 0] * t)], dim=1)

    ours = solve(swirl, START, grid(200, 0, 1), "rk4")[-1]
    for start, end in zip(START.numpy(), ours.numpy(), strict=True):
        theirs = solve_ivp(
            lambda t, x: [np.sin(x[1] + 3 * t), np.cos(x[0] * t)], (0, 1), start, RK45, rtol=1e-10, atol=1e-12
        )
        assert np.allclose(end, theirs.y[:, -1], atol=1e-8)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_field_that_blew_up_gives_no_numbers_and_no_error(solver):
    places = solve(lambda x, t: x * torch.nan, START, grid(3), solver)
    assert torch.equal(places[0], START)
    assert not places[1:].isfinite().any()


@pytest.mark.parametrize("times", [grid(3), grid(0)])
def test_unknown_solver(times):
    with pytest.raises(KeyError):
        solve(field, START, times, "rk5")
