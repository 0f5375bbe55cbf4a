"""Recipes: instructive experiments by family, each available with one click on the page."""

from playground.lessons.experiments import BARE, DIGITS, GRID, digits, on, ring_gan, smiley
from playground.lessons.matching import MATCHING
from playground.lessons.recipe import Recipe
from playground.training.checkpoints import SHIPPED

RECIPES: dict[str, dict[str, Recipe]] = {
    "flow": {
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
            smiley(
                "flow", path="drawn", drawn_path="0.95,0.1,0.7;0.1,0.9,0.4", solver="rk4", solver_steps=40, steps=2000
            ),
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
            digits("flow"),
        ),
    },
    "diffusion": {
        "few_steps": Recipe(
            "Too few steps",
            "Three steps of DDIM: straight lines that cut the corners.",
            smiley("diffusion", sampler="ddim", sampler_steps=3),
            "overlay",
        ),
        "never_noise": Recipe(
            "A schedule that never reaches noise",
            "Data keep some signal where noise should be, but sampling begins from pure noise: the samples miss the "
            "data.",
            smiley("diffusion", noise_end=0.3),
            "overlay",
        ),
        "five_points": Recipe(
            "Memorise five points",
            "All that a model can learn from five points is these five: the samples fall on them.",
            smiley("diffusion", data_points=5),
            "memorisation",
        ),
        "over_guided": Recipe(
            "Over-guided",
            "A class exaggerated eightfold: denser and narrower than the class is.",
            smiley("diffusion", label="3", guidance=8.0),
            "guided",
        ),
        "five_samplers": Recipe(
            "Same noise, five samplers",
            "Five samplers take the same noise to data, in ten steps each. Play, and see which ones add noise.",
            smiley("diffusion"),
            "samplers",
            time=0.7,
        ),
        "digits": Recipe(
            "Digits",
            "The same network, only wider, takes noise away from images until digits are left.",
            digits("diffusion"),
        ),
    },
    "gan": {
        "collapse": Recipe(
            "Watch it collapse",
            "The discriminator learns twenty times as fast, and all samples crowd on the one place it believes.",
            ring_gan(3000, **BARE, latents=8, discriminator_learning_rate=1e-2, generator_learning_rate=5e-4),
            "overlay",
        ),
        "cured": Recipe(
            "Cured",
            "The same data and seed, but equal rates and a penalty on the discriminator's slope: all stay.",
            ring_gan(5000),
            "overlay",
        ),
        "grid": Recipe(
            "All twenty-five modes",
            "PacGAN's grid, on which GANs without remedies lose modes. It takes 30,000 steps.",
            GRID,
            "overlay",
        ),
        "latents": Recipe(
            "What latents become",
            "The plane of latents, and how the generator folds it over the data: a stretched cell is a bridge between "
            "parts.",
            SHIPPED["gan"],
            "latent_map",
            ("data", "samples", "latents", "generator_grid"),
        ),
        "digits": Recipe(
            "Digits",
            "A wider game in more latents, slower: no fake is an average of digits, so that they are sharp.",
            DIGITS,
        ),
        "strong": Recipe(
            "Discriminator too strong",
            "Three steps to one, and a generator that hardly moves: whatever it tries is seen through at once.",
            ring_gan(
                3000,
                **BARE,
                latents=8,
                discriminator_steps=3,
                discriminator_learning_rate=1e-2,
                generator_learning_rate=1e-5,
            ),
            "overlay",
        ),
        "cycling": Recipe(
            "Cycling",
            "Both learn fast and carry momentum: the samples rush to a mode, are found out, and rush to the next.",
            ring_gan(
                3000,
                **BARE,
                latents=2,
                batch_size=64,
                momentum=0.95,
                discriminator_learning_rate=2e-2,
                generator_learning_rate=2e-2,
                schedule="constant",
            ),
            "overlay",
        ),
    },
    "vae": {
        "collapse": Recipe(
            "Collapse it",
            "Information in the latent costs so much that the encoder gives every point the prior's cloud.",
            smiley("vae", beta=20, free_bits=0),
            "latent",
        ),
        "holes": Recipe(
            "Holes in the prior",
            "Cheap information lets the codes drift apart, and the prior keeps drawing from the gaps between them.",
            on("ring", "vae", beta=0.1, noise="fixed", decoder_std=0.2),
            "latent",
            ("data", "samples", "aggregate", "prior", "holes"),
        ),
        "mixture": Recipe(
            "A prior that is learned",
            "The same cheap information, but the prior is a mixture that follows the codes: hardly a hole is left.",
            on("ring", "vae", beta=0.1, noise="fixed", decoder_std=0.2, prior="mixture"),
            "latent",
            ("data", "samples", "aggregate", "prior", "holes"),
        ),
        "line": Recipe(
            "One latent for two dimensions",
            "A single number has to thread a curve through the plane.",
            smiley("vae", latents=1),
            "latent",
        ),
        "autoencoder": Recipe(
            "Autoencoder",
            "Without a price for information, reconstructions are perfect and samples are not.",
            smiley("vae", beta=0),
            "latent",
            ("data", "samples", "reconstructions", "aggregate", "prior"),
        ),
        "digits": Recipe(
            "Digits, trained",
            "Images of 64 pixels in two numbers: the latent plane is a map of all ten digits. Train trains it anew.",
            SHIPPED["vae_digits"],
            "codes",
        ),
        "interpolation": Recipe(
            "From digit to digit",
            "Codes on the line between two images, decoded. Click on two images for other interpolations.",
            SHIPPED["vae_digits"],
            "interpolation",
        ),
    },
    "normalizing_flow": {
        "bridges": Recipe(
            "Thin bridges",
            "An invertible map can't tear the plane: between the modes, thin bridges remain, with some of the samples.",
            on("ring", "normalizing_flow", bins=4, steps=1000),
            "overlay",
            ("data", "samples"),
        ),
        "layers": Recipe(
            "Layer by layer",
            "Each layer moves the points along one axis only, by what the other says: the paths are staircases.",
            smiley("normalizing_flow", layers=6, steps=2000),
            "overlay",
            ("data", "samples", "paths"),
        ),
        "two_layers": Recipe(
            "Too few layers",
            "Two layers move each coordinate only once: whatever they do, parts of the face stay smeared.",
            smiley("normalizing_flow", layers=2, bins=4, steps=2000),
            "overlay",
        ),
    },
}


def recipes(family: str) -> dict[str, Recipe]:
    """A family's recipes, by name."""
    return RECIPES.get(family, {})
