"""Diffusion against its papers: schedules, targets, weights and guidance in closed form, and the exact denoisers of a
Gaussian, of two of them, and of a finite data set."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from playground import Experiment, fit
from playground.families import FAMILIES, ideal
from playground.families.conditioning import CLASSES, answers, drop_labels, guided
from playground.families.diffusion.diffusion import Diffusion
from playground.families.diffusion.samplers import SAMPLERS
from playground.families.diffusion.schedules import (
    P_MEAN,
    P_STD,
    SCHEDULES,
    SIGMA_DATA,
    Level,
    alpha_sigma,
    clock,
    cosine,
    linear,
    log_snr,
    log_snr_rate,
    preserve,
    sigmoid,
    training_log_snr,
)
from playground.families.diffusion.targets import TARGETS, WEIGHTS, weight
from playground.families.stratified import spread_evenly

DOUBLE = torch.float64
MEAN = torch.tensor([1.5, -0.5], dtype=DOUBLE)
SPREAD = 0.6


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(*shape: int, seed: int = 0, dtype=DOUBLE) -> Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=dtype)


def make(**config) -> Diffusion:
    torch.manual_seed(0)
    return Diffusion(FAMILIES["diffusion"].Config(**{"width": 16, "depth": 2, "frequencies": 2} | config))


class Exact(Diffusion):
    """Diffusion whose denoiser is that of data N(MEAN, SPREAD² I)."""

    def _denoise(self, x: Tensor, log_snr: Tensor) -> Tensor:
        alpha, sigma = (a[:, None] for a in alpha_sigma(log_snr))
        gain = alpha * SPREAD**2 / (alpha**2 * SPREAD**2 + sigma**2)
        return MEAN.to(x) + gain * (x - alpha * MEAN.to(x))


def exact(**config) -> Exact:
    return Exact(FAMILIES["diffusion"].Config(**config))


@pytest.fixture(params=SCHEDULES)
def schedule(request) -> str:
    return request.param


TIMES = torch.linspace(0, 1, 101, dtype=DOUBLE)


# Schedules.


def test_the_page_and_the_paper_count_in_opposite_ways():
    assert torch.equal(clock(torch.tensor([0.0, 0.25, 1.0])), torch.tensor([1.0, 0.75, 0.0]))
    assert torch.equal(clock(torch.tensor([0.0, 1.0]), noise_end=0.5), torch.tensor([0.5, 0.0]))


def test_schedules_go_from_noise_to_data(schedule):
    level = log_snr(schedule, TIMES)
    alpha, sigma = alpha_sigma(level)
    assert (level.diff() > 0).all()
    assert torch.allclose(alpha**2 + sigma**2, torch.ones(101, dtype=DOUBLE))
    assert float(sigma[0] / alpha[0]) == pytest.approx(80), "1% of the data is left, which can't be seen"
    assert float(sigma[-1] / alpha[-1]) == pytest.approx(0.002), "less noise than a pixel"
    assert torch.allclose(log_snr(schedule, TIMES.float()).double(), level, rtol=1e-4), (
        "single times are precise enough"
    )
    assert log_snr(schedule, TIMES.float()).dtype == torch.float32


def test_linear_is_that_of_a_thousand_steps():
    """Ho et al.: β from 1e-4 to .02. Theirs are not infinitely small: some per cent at the noise end."""
    alpha_bar = (1 - torch.linspace(1e-4, 0.02, 1000, dtype=DOUBLE)).cumprod(0)
    steps = torch.tensor([50, 100, 300, 500, 700, 999])
    ours = linear((steps.double() + 1) / 1000).sigmoid()
    assert torch.allclose(ours, alpha_bar[steps], rtol=0.12)


def test_cosine_and_sigmoid_are_their_formulas():
    u = np.array([0.01, 0.1, 0.3, 0.5, 0.9, 0.99])

    def f(u):
        return np.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2

    def g(u):
        return 1 / (1 + np.exp(-(6 * u - 3)))

    wanted = {cosine: f(u) / f(0), sigmoid: (g(1) - g(u)) / (g(1) - g(0))}
    for curve, alpha_bar in wanted.items():
        assert np.allclose(curve(torch.from_numpy(u)).sigmoid(), alpha_bar)


def test_spanned_curves_keep_their_pace():
    """Only the clock is stretched. For the linear schedule, where ∫β = log(1 + σ_EDM²) is a quadratic equation."""
    begin, end = ((math.sqrt(0.01 + 39.8 * math.log1p(sigma**2)) - 0.1) / 19.9 for sigma in (0.002, 80.0))
    u = torch.linspace(0, 1, 11, dtype=DOUBLE)
    assert torch.allclose(SCHEDULES["linear"](u), linear(begin + u * (end - begin)))


def test_edm_is_its_grid():
    n = 18
    i = np.arange(n)
    sigmas = (80 ** (1 / 7) + i / (n - 1) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7
    ours = [Level(value).edm for value in log_snr("edm", torch.linspace(0, 1, n, dtype=DOUBLE)).tolist()]
    assert np.allclose(ours, sigmas)


def test_rates_are_slopes(schedule):
    t, h = TIMES[5:-5], 1e-6
    slopes = (log_snr(schedule, t + h, 0.8) - log_snr(schedule, t - h, 0.8)) / (2 * h)
    assert torch.allclose(log_snr_rate(schedule, t, 0.8), slopes, rtol=1e-5)


@pytest.mark.parametrize("value", [-9.0, 0.0, 3.0, 12.0])
def test_a_level_is_one_in_numbers_and_tensors(value):
    at, (alpha, sigma) = Level(value), alpha_sigma(torch.tensor([value], dtype=DOUBLE))
    assert (at.alpha, at.sigma) == pytest.approx((float(alpha), float(sigma)))
    assert (math.cos(at.angle), math.sin(at.angle)) == pytest.approx((at.alpha, at.sigma))
    assert at.edm == pytest.approx(at.sigma / at.alpha)


def test_preserve_is_the_same_point_in_other_units():
    x0, noise, at = normal(5, 2), normal(5, 2, seed=1), Level(-3.0)
    assert torch.allclose(preserve(x0 + at.edm * noise, at.edm), at.alpha * x0 + at.sigma * noise)


def test_training_levels(schedule):
    p = (torch.arange(100_000, dtype=DOUBLE) + 0.5) / 100_000
    level = training_log_snr(schedule, p)
    if schedule == "edm":
        log_sigma = -level / 2
        assert float(log_sigma.mean()) == pytest.approx(P_MEAN, abs=0.01)
        assert float(log_sigma.std()) == pytest.approx(P_STD, abs=0.01)
    else:
        assert torch.allclose(level, log_snr(schedule, 1 - p))
    for end in (1.0, 0.4):
        level = training_log_snr(schedule, p, end)
        low, high = log_snr(schedule, torch.tensor([0.0, 1.0], dtype=DOUBLE), end)
        assert ((level >= low - 1e-9) & (level <= high + 1e-9)).all(), "none that sampling never sees"


def test_signal_left(schedule):
    left = [make(noise_schedule=schedule, noise_end=end).signal_left() for end in (1.0, 0.7, 0.3)]
    assert left == sorted(left)
    assert left[0] < 0.02 < left[2]
    model = make(noise_schedule=schedule, noise_end=0.3)
    assert float(model.noised(torch.ones(1, 2), torch.zeros(1, 2), torch.zeros(1))[0, 0]) == pytest.approx(left[2])


# Targets and weights.


def a_batch(n: int = 64):
    level = torch.linspace(-8, 8, n, dtype=DOUBLE)
    x0, noise, (alpha, sigma) = normal(n, 2), normal(n, 2, seed=1), alpha_sigma(level)
    return x0, noise, level, alpha, sigma, alpha[:, None] * x0 + sigma[:, None] * noise


@pytest.mark.parametrize("name", TARGETS)
def test_targets_and_clean_points_are_inverse(name):
    x0, _, _, alpha, sigma, x = a_batch()
    target, answer = TARGETS[name], normal(64, 2, seed=2)
    assert torch.allclose(target.x0_hat(target.regression_target(x0, x, alpha, sigma), x, alpha, sigma), x0)
    assert torch.allclose(target.regression_target(target.x0_hat(answer, x, alpha, sigma), x, alpha, sigma), answer)


def test_targets_are_what_they_are_called():
    x0, noise, _, alpha, sigma, x = a_batch()
    wanted = {"noise": noise, "data": x0, "velocity": alpha[:, None] * noise - sigma[:, None] * x0}
    for name, value in wanted.items():
        assert torch.allclose(TARGETS[name].regression_target(x0, x, alpha, sigma), value)


def test_edm_is_preconditioned_as_in_its_table():
    """Karras et al., table 1: D(y, σ) = c_skip y + c_out F(c_in y), with y = x0 + σ ε."""
    x0, noise, level, alpha, sigma, x = a_batch()
    edm, answer = (-level / 2).exp()[:, None], normal(64, 2, seed=2)
    y = x0 + edm * noise
    root = (edm**2 + SIGMA_DATA**2).sqrt()
    expected = SIGMA_DATA**2 / root**2 * y + edm * SIGMA_DATA / root * answer
    assert torch.allclose(TARGETS["edm"].x0_hat(answer, x, alpha, sigma), expected)
    assert torch.allclose(TARGETS["edm"].feed(alpha, sigma)[:, None] * x, y / root)
    assert torch.allclose(weight("plain", "edm", level)[:, None], root**2 / (edm * SIGMA_DATA) ** 2)


def test_plain_weights_are_those_of_the_targets():
    """Salimans & Ho, §4: noise's own is SNR, velocity's is SNR + 1, clean data's is 1."""
    level = torch.linspace(-8, 8, 33, dtype=DOUBLE)
    assert torch.allclose(weight("plain", "noise", level), weight("snr", "data", level))
    assert torch.allclose(weight("plain", "velocity", level), weight("snr_plus_one", "data", level))
    assert torch.allclose(weight("plain", "data", level), torch.ones_like(level))
    snr = level.exp()
    assert torch.equal(weight("min_snr", "noise", level), snr.minimum(torch.tensor(5.0)))
    assert torch.equal(weight("truncated_snr", "noise", level), snr.maximum(torch.tensor(1.0)))


@pytest.mark.parametrize("weighting", WEIGHTS)
def test_weighted_losses_are_comparable(weighting):
    """A model that expects the same clean points has the same loss, whatever it answers with."""
    x0 = normal(200, 2)
    losses = []
    for name, target in TARGETS.items():
        model = make(target=name, weighting=weighting)

        def answer(x, log_snr, classes, target=target):
            alpha, sigma = alpha_sigma(log_snr)
            return target.regression_target(x.sin(), x, alpha, sigma)

        model._answer = answer
        losses.append(float(model.loss(x0, seeded())))
    assert losses == pytest.approx([losses[0]] * len(losses), rel=1e-5)


def test_the_least_loss_is_that_of_the_exact_denoiser(schedule):
    """For Gaussian data, Var[x0 | x] = s²σ² / (α²s² + σ²) everywhere."""
    model = exact(noise_schedule=schedule, weighting="min_snr")
    p = (torch.arange(20_000, dtype=DOUBLE) + 0.5) / 20_000
    level = training_log_snr(schedule, p)
    alpha, sigma = alpha_sigma(level)
    variance = SPREAD**2 * sigma**2 / (alpha**2 * SPREAD**2 + sigma**2)
    wanted = float((weight("min_snr", "velocity", level) * variance).mean())
    law = ideal.MixtureDensity(MEAN[None], torch.tensor([SPREAD], dtype=DOUBLE), torch.ones(1, dtype=DOUBLE))
    assert model.loss_floor(law, spread_evenly(2048, 4)) == pytest.approx(wanted, rel=1e-3)


# Score and velocity.


def test_score_is_the_finite_datas(schedule):
    """With the exact denoiser plugged in, against the gradient of the log density of the noised points."""
    model, data = make(noise_schedule=schedule), 1.5 * normal(40, 2)
    t = torch.tensor([0.0, 0.2, 0.5, 0.8, 0.95], dtype=DOUBLE).repeat_interleave(20)
    x = model.noised(data[torch.randint(40, (100,), generator=seeded())], normal(100, 2, seed=1), t).requires_grad_()
    alpha, sigma = (a[:, None] for a in alpha_sigma(model.log_snr(t)))
    log_density = (-(x[:, None] - alpha[:, None] * data).square().sum(2) / (2 * sigma**2)).logsumexp(1)
    (wanted,) = torch.autograd.grad(log_density.sum(), x)
    x = x.detach()
    assert torch.allclose(model.score(x, t, model.exact_denoise(x, t, data)), wanted, rtol=1e-6, atol=1e-6)


def test_a_flow_and_a_diffusion_remember_alike():
    """The exact clean point is the same for x_t = t x1 + (1 − t) ε and, scaled to its circle, for diffusion."""
    data, x, t = normal(30, 2), normal(9, 2, seed=1), torch.full((9,), 0.6, dtype=DOUBLE)
    scale = math.hypot(0.6, 0.4)
    circle = torch.full((9,), 0.6 / scale, dtype=DOUBLE), torch.full((9,), 0.4 / scale, dtype=DOUBLE)
    assert torch.allclose(ideal.denoise(x / scale, *circle, data), ideal.posterior_mean(x, t, 1 - t, data, data))


def test_velocity_is_how_a_gaussian_moves(schedule):
    """The probability flow keeps a point's standard score z: x(t) = α MEAN + spread(t) z, here differentiated."""
    model, z, h = exact(noise_schedule=schedule), normal(9, 2), 1e-6

    def place(t: Tensor) -> Tensor:
        alpha, sigma = (a[:, None] for a in alpha_sigma(model.log_snr(t)))
        return alpha * MEAN + (alpha**2 * SPREAD**2 + sigma**2).sqrt() * z

    for time in (0.01, 0.3, 0.6, 0.99):
        t = torch.full((9,), time, dtype=DOUBLE)
        wanted = (place(t + h) - place(t - h)) / (2 * h)
        assert torch.allclose(model.velocity(place(t), t), wanted, rtol=1e-4, atol=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("target", TARGETS)
def test_what_is_seen_is_finite_at_both_ends(target, schedule):
    model, x = make(target=target, noise_schedule=schedule), normal(20, 2, dtype=torch.float32)
    for time in (0.0, 1.0):
        t = torch.full((20,), time)
        for seen in (model.velocity(x, t), model.score(x, t), model.denoise(x, t), model.log_snr(t)):
            assert seen.isfinite().all()


# Sampling.


@torch.no_grad()
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_chains(sampler):
    model = make(sampler=sampler, sampler_steps=6, eta=0.5)
    z = model.noise(30, seeded())
    places, clean = model.chain(z)
    assert places.shape == clean.shape == (7, 30, 2)
    assert torch.equal(places[0], z)
    assert torch.equal(clean[-1], places[-1])
    assert torch.equal(places, model.trajectory(z)), "the noise that is added stays the same"
    assert torch.allclose(model.chain(z[:5])[0], places[:, :5], atol=1e-5), "and is each row's own"
    if sampler != "edm_stochastic":  # which looks from where its noise has put the points
        assert torch.allclose(clean[3], model.denoise(places[3], model.times()[3].expand(30)), atol=1e-3)
    assert model.evaluations(model.config) == SAMPLERS[sampler].evaluations(6)


@torch.no_grad()
def test_other_times_follow_the_probability_flow():
    model, z = exact(sampler="ddpm"), normal(50, 2)
    times = torch.linspace(0.1, 0.9, 81)
    way = model.trajectory(z, times)
    assert way.shape == (81, 50, 2)

    def place_of(x: Tensor, there: Tensor, here: Tensor) -> Tensor:
        a, s, b, r = (float(v) for time in (there, here) for v in alpha_sigma(model.log_snr(time.double()[None])))
        wide, was = math.hypot(a * SPREAD, s), math.hypot(b * SPREAD, r)
        return a * MEAN + wide / was * (x - b * MEAN)

    for i in (1, 40, 80):
        assert torch.allclose(way[i], place_of(z, times[i], times[0]), atol=2e-3)
    assert torch.allclose(model.trajectory(way[-1], times.flip(0))[-1], z, atol=2e-3), "and back again"


@torch.no_grad()
def test_predictions_stay_where_data_can_be():
    """At the noise end, a noise prediction's error is multiplied by σ/α, some thousands."""
    model = make(target="noise")
    assert model.denoise(10 * normal(50, 2, dtype=torch.float32), torch.zeros(50)).abs().max() <= 4


# Guidance.


def test_labels_are_hidden():
    labels, x = torch.arange(10_000) % 4, normal(10_000, 2)
    for dropout in (0.0, 0.3, 1.0):
        classes = drop_labels(labels, x, dropout, seeded())
        seen = classes.sum(1)
        assert set(seen.unique().tolist()) <= {0.0, 1.0}
        assert float(seen.mean()) == pytest.approx(1 - dropout, abs=0.02)
        assert torch.equal(classes.argmax(1)[seen == 1], labels[seen == 1])
    assert drop_labels(None, x[:10], 0.0, seeded()).sum() == 0
    assert drop_labels(torch.tensor([0, 24]), x[:2], 0.0, seeded())[1, CLASSES - 1] == 1, (
        "too many: the last takes the rest"
    )


def test_guidance_of_two_gaussians():
    """Classes N(±m, s²): the classes' and the data's scores are known, and so is what guidance makes of them."""
    m, s, alpha, sigma = torch.tensor([2.0, 0.0], dtype=DOUBLE), 0.5, 0.6, 0.8
    x, variance = normal(20, 2), alpha**2 * s**2 + sigma**2

    def clean_of(sign: float) -> Tensor:
        return sign * m + alpha * s**2 / variance * (x - alpha * sign * m)

    def score_of(clean: Tensor) -> Tensor:
        return (alpha * clean - x) / sigma**2

    likely = torch.sigmoid(2 * alpha * (x @ m) / variance)[:, None]
    both = likely * clean_of(1) + (1 - likely) * clean_of(-1)

    def predict(classes: Tensor) -> Tensor:
        row = classes[0]
        return both if row.sum() == 0 else clean_of(1.0 if row[0] else -1.0)

    # ∇ log p(c | x) for the class at +m is 2α (1 − p(c | x)) m / variance.
    towards = 2 * alpha * (1 - likely) * m / variance
    for guidance in (0.0, 0.5, 1.0, 3.0):
        score = score_of(guided(predict, x, 0, guidance))
        assert torch.allclose(score, score_of(both) + guidance * towards)
        assert torch.allclose(guided(predict, x, None, guidance), both)


@torch.no_grad()
@pytest.mark.parametrize(
    ("label", "guidance", "dropout"), [("any", 3, 0.1), ("2", 3, 1.0), ("2", 0, 0.1), ("2", 1, 0.1)]
)
def test_one_answer_where_one_says_it_all(label, guidance, dropout):
    config = Diffusion.Config(label=label, guidance=guidance, label_dropout=dropout)
    assert answers(config.class_index, config.guidance) == 1
    assert Diffusion.evaluations(config.model_copy(update={"label_dropout": 0.1, "label": "2", "guidance": 3})) == 38


@torch.no_grad()
@pytest.mark.parametrize("config", [{}, {"guidance": 4.0}, {"guidance": 4.0, "sampler": "ode_heun"}, {"label": "any"}])
def test_evaluations_are_how_often_the_network_is_asked(config):
    model = make(**{"label": "1", "label_dropout": 0.5, "sampler_steps": 3} | config)
    asked = []
    model.network.register_forward_hook(lambda *_: asked.append(1))
    model.sample(4, seeded())
    assert len(asked) == model.evaluations(model.config)


@pytest.fixture(scope="module")
def two_classes():
    """A model of two classes, at (−2, 0) and (2, 0), trained with and without them."""
    rng = np.random.default_rng(0)
    labels = np.arange(2000) % 2
    points = 0.4 * rng.normal(size=(2000, 2)) + np.stack([4.0 * labels - 2, np.zeros(2000)], axis=1)
    config = {"label_dropout": 0.3, "width": 32, "depth": 3, "batch_size": 256, "noise_schedule": "edm"}
    return fit(Experiment(family="diffusion", dataset=points, labels=labels, steps=400, config=config))


@pytest.mark.training
@pytest.mark.parametrize(("label", "where"), [("0", -2), ("1", 2), ("any", 0)])
def test_a_class_is_sampled(two_classes, label, where):
    two_classes.edit(label=label, guidance=1.0)
    x = two_classes.sample(1000, seed=1)
    assert x[:, 0].mean() == pytest.approx(where, abs=0.6 if label == "any" else 0.25)
    assert abs(x[:, 1].mean()) < 0.1
    assert np.abs(x[:, 0]).mean() == pytest.approx(2, abs=0.25), "on the classes, not between them"


def test_guidance_exaggerates(two_classes):
    """More guidance leads away from the other class."""
    means = []
    for guidance in (0.0, 1.0, 4.0):
        two_classes.edit(label="1", guidance=guidance)
        means.append(two_classes.sample(1000, seed=1)[:, 0].mean())
    assert means[0] < 0.5
    assert means[0] + 1 < means[1] < means[2]
