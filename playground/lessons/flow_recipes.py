"""The recipes of flow matching."""

from playground.lessons.experiments import on, smiley
from playground.lessons.matching import MATCHING
from playground.lessons.recipe import Recipe

FLOW: dict[str, Recipe] = {
    "journey": Recipe(
        "From noise to data",
        "Each sample keeps to a path of its own. Drag the time, or pick up a point of the noise.",
        smiley("flow"),
        "journey",
        time=0.5,
    ),
    "one_step": Recipe(
        "One Euler step",
        "The velocity at the noise points to the mean of all data, and one long step goes there.",
        smiley("flow", solver="euler", solver_steps=1),
        "overlay",
    ),
    "reflow": Recipe(
        "One step, after reflow",
        "Another flow has learned straight lines between noise and where the first one carried it: one Euler step "
        "does what bent paths need ten for.",
        smiley("flow", reflows=1, solver="euler", solver_steps=1),
        "overlay",
    ),
    "mean_flow": Recipe(
        "Mean flow: one step",
        "Another network learns the average velocity from noise to data, beside the first and without any paths: "
        "one step of it goes all the way.",
        smiley("flow", mean_flow="on", solver="mean_flow", solver_steps=1),
        "overlay",
    ),
    "few_steps": Recipe(
        "Four Euler steps",
        "Straight lines that cut the bends of the paths: most samples miss the data.",
        smiley("flow", solver="euler", solver_steps=4),
        "overlay",
    ),
    "exact_field": Recipe(
        "Learned and exact field",
        "Black arrows are learned, blue ones would carry noise exactly onto the data: they part where no sample "
        "passes.",
        smiley("flow"),
        "overlay",
        ("data", "samples", "field", "exact"),
        time=0.7,
    ),
    "over_guided": Recipe(
        "Over-guided",
        "A class exaggerated eightfold: narrower than the class is, and pushed away from the others.",
        smiley("flow", label="3", guidance=8.0),
        "guided",
    ),
    "density": Recipe(
        "Its density",
        "The density that the field makes of noise, exact by an ODE: at every time, all of it sums to 1.",
        smiley("flow"),
        "overlay",
        ("density",),
        time=1.0,
    ),
    **MATCHING,
    "five_points": Recipe(
        "Memorise five points",
        "All that a model can learn from five points is these five: the samples fall on them.",
        smiley("flow", data_points=5, steps=2000),
        "memorisation",
    ),
    "small_network": Recipe(
        "Too small a network",
        "One hidden layer of eight units can't bend the field enough: the face is a blur.",
        smiley("flow", width=8, depth=1, steps=2000),
        "overlay",
    ),
    "transport": Recipe(
        "Optimal transport straightens",
        "Noise is paired with the data near it. Paths cross less, so they are straighter, and few steps suffice.",
        smiley("flow", coupling="optimal_transport", steps=2000),
        "overlay",
    ),
    "between_sets": Recipe(
        "From one data set to another",
        'A flow can start anywhere: here two moons become eight Gaussians. "Use data as source" keeps a drawing.',
        on("eight_gaussians", "flow", source="two_moons", coupling="optimal_transport", steps=2000),
        "journey",
        time=0.5,
    ),
    "there_and_back": Recipe(
        "There and back again",
        "A path drawn by hand: the face appears, fades into noise, and comes back. Drag α and σ to draw another.",
        smiley("flow", path="drawn", drawn_path="0.95,0.1,0.7;0.1,0.9,0.4", solver="rk4", solver_steps=40, steps=2000),
        "overlay",
        time=0.25,
    ),
    "exploding": Recipe(
        "Exploding variance",
        "The face keeps its size while wide noise shrinks onto it: the path of a score-based diffusion model.",
        smiley("flow", path="variance_exploding"),
        "overlay",
        time=0.7,
    ),
    "digits": Recipe(
        "Digits",
        "The same network, only wider, carries noise to images: 64 pixels are a place with 64 coordinates.",
        on("digits", "flow"),
    ),
    "features": Recipe(
        "As a classifier sees them",
        "The images in the plane of a classifier's features: on their way from noise, samples choose their digit.",
        on("digits", "flow"),
        "features",
    ),
    "latents": Recipe(
        "In a latent space",
        "Not 784 pixels move, but 16 latents of an autoencoder that learns beside the flow: in a fifth of the time.",
        on("mnist", "flow", space="latents"),
    ),
}
