"""A continuous normalizing flow trained by maximum likelihood: its gradient against closed forms, and what it costs."""

import pytest
import torch

from playground import Experiment, Run
from playground.budget import step_cost
from playground.families import FAMILIES
from playground.families.capabilities import ConditionalPaths, ContinuousDensity, ExactField, LossFloor, can
from playground.families.continuous import exact, hutchinson, log_density, signs
from playground.families.flow.maximum_likelihood import MOST, negative_log_likelihood, passes
from playground.families.gaussian import log_standard_normal
from tests.families.draws import seeded

SLOWLY = {"objective": "maximum_likelihood", "width": 16, "depth": 2, "batch_size": 64, "learning_rate": 1e-2}


def linear(matrix: torch.Tensor):
    return lambda x, t: x @ matrix.T


def likelihood_of_linear(matrix: torch.Tensor, x: torch.Tensor, create_graph: bool) -> torch.Tensor:
    """−log p (n,) of the flow dx/dt = A x, by the ODE."""
    pieces = log_density(linear(matrix), x, torch.linspace(1, 0, 21), create_graph=create_graph)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return -end.value


def test_the_gradient_is_that_of_the_known_density():
    """dx/dt = A x carries N(0, I) to N(0, M Mᵀ) with M = exp(A), whose gradient in A is known; and by differences."""
    x = torch.randn(40, 2, generator=seeded(), dtype=torch.float64)
    matrix = torch.tensor([[0.4, -1.0], [0.3, -0.7]], dtype=torch.float64, requires_grad=True)

    def known(a: torch.Tensor) -> torch.Tensor:
        m = torch.linalg.matrix_exp(a)
        return -torch.distributions.MultivariateNormal(torch.zeros(2).double(), m @ m.T).log_prob(x).mean()

    (wanted,) = torch.autograd.grad(known(matrix), matrix)
    (found,) = torch.autograd.grad(likelihood_of_linear(matrix, x, True).mean(), matrix)
    assert torch.allclose(found, wanted, atol=1e-5)
    step, at = torch.zeros(2, 2).double(), matrix.detach()
    for i in range(2):
        for j in range(2):
            step.zero_()[i, j] = 1e-5
            ahead, behind = (likelihood_of_linear(at + sign * step, x, False).mean() for sign in (1, -1))
            assert float(ahead - behind) / 2e-5 == pytest.approx(float(found[i, j]), abs=1e-6)


def test_an_estimated_divergence_has_an_unbiased_gradient():
    """Over the two probes that there are but for their sign, the mean of the estimates is exact."""
    matrix = torch.tensor([[0.4, -1.0], [0.3, -0.7]], dtype=torch.float64, requires_grad=True)
    x, t = torch.randn(5, 2, generator=seeded(), dtype=torch.float64), torch.zeros(5).double()
    probes = [torch.tensor(signs, dtype=torch.float64).expand(5, 2) for signs in ((1, 1), (1, -1))]
    estimates = [hutchinson(linear(matrix), probe, create_graph=True)(x, t)[1].mean() for probe in probes]
    (found,) = torch.autograd.grad(sum(estimates) / 2, matrix)
    (wanted,) = torch.autograd.grad(exact(linear(matrix), create_graph=True)(x, t)[1].mean(), matrix)
    assert torch.allclose(found, wanted)
    assert torch.allclose(wanted, torch.eye(2).double()), "the divergence is the trace"


def test_a_probe_is_signs():
    probe = signs(torch.zeros(1000, 2), seeded())
    assert set(probe.unique().tolist()) == {-1, 1}
    assert probe.mean().abs() < 0.1


def test_the_loss_is_the_mean_of_the_log_density_at_random_times():
    x = torch.randn(MOST, 2, generator=seeded())
    matrix = torch.tensor([[0.4, -0.5], [0.3, -0.7]])
    wanted = float(likelihood_of_linear(matrix, x, False).mean())
    with torch.no_grad():
        found = [negative_log_likelihood(linear(matrix), x, seeded(i), log_standard_normal) for i in range(100)]
    losses = torch.stack(found)
    assert abs(float(losses.mean()) - wanted) < 4 * float(losses.std()) / 10 < 0.01
    again = negative_log_likelihood(linear(matrix), x, seeded(0), log_standard_normal)
    assert torch.equal(again, losses[0]), "all that is random comes from the generator"


def test_it_costs_what_it_takes():
    config = FAMILIES["flow"].Config(**SLOWLY)
    usual = config.model_copy(update={"objective": "flow_matching"})
    slow, quick = (step_cost(FAMILIES["flow"], each, (2,)) for each in (config, usual))
    assert slow == passes(64) * quick == 96 * quick
    assert passes(4 * MOST) == passes(MOST) / 4, "of a large batch, it takes a part"
    assert Experiment(config={"objective": "maximum_likelihood"}).config.objective == "maximum_likelihood"
    with pytest.raises(ValueError, match="too much for one step"):
        Experiment(config={"objective": "maximum_likelihood", "width": 128})


def test_it_needs_noise_whose_density_has_a_gradient():
    with pytest.raises(ValueError, match="Maximum likelihood needs Gaussian noise"):
        Experiment(config=SLOWLY | {"source": "two_moons"})


def test_a_model_without_paths_has_none_to_show():
    model = Run(Experiment(config=SLOWLY)).averaged
    assert not any(can(model, capability) for capability in (ConditionalPaths, ExactField, LossFloor))
    assert can(model, ContinuousDensity)


@pytest.mark.training
def test_it_learns():
    """From 3.3 nats, by .8."""
    run = Run(Experiment(dataset="two_moons", steps=150, config=SLOWLY))
    points = run.experiment.data(300, seed=1_000_000)
    before = -run.log_prob(points).values.mean()
    for _ in range(150):
        run.advance()
    assert -run.log_prob(points).values.mean() < before - 0.4
