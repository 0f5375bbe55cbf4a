"""Recipes: instructive experiments by family, each available with one click on the page."""

from playground.lessons.experiments import BARE, GRID, on, ring_gan, smiley
from playground.lessons.flow_recipes import FLOW
from playground.lessons.recipe import Recipe
from playground.training.checkpoints import SHIPPED

RECIPES: dict[str, dict[str, Recipe]] = {
    "flow": FLOW,
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
            on("digits", "diffusion"),
        ),
        "guidance": Recipe(
            "Ten digits, more and more",
            "A column for each class, a row for each guidance: digits become surer, and more like each other.",
            on("digits", "diffusion"),
            "guidance",
        ),
        "latents": Recipe(
            "In a latent space",
            "Noise is taken away from 16 latents of an autoencoder that learns beside the model, not from 784 pixels.",
            on("mnist", "diffusion", space="latents"),
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
            ring_gan(5000, discriminator_learning_rate=4e-3, generator_learning_rate=4e-3),
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
            on("digits", "gan"),
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
            smiley("vae", beta=20, free_bits=0, prior="standard"),
            "latent",
        ),
        "holes": Recipe(
            "Holes in the prior",
            "Cheap information lets the codes drift apart, and the prior keeps drawing from the gaps between them.",
            on("ring", "vae", beta=0.1, noise="fixed", decoder_std=0.2, prior="standard"),
            "latent",
            ("data", "samples", "aggregate", "prior", "holes"),
        ),
        "mixture": Recipe(
            "A prior that is learned",
            "The same cheap information, but the prior is a mixture that follows the codes: fewer holes are left.",
            on("ring", "vae", beta=0.1, noise="fixed", decoder_std=0.2),
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
            smiley("vae", beta=0, prior="standard"),
            "latent",
            ("data", "samples", "reconstructions", "aggregate", "prior"),
        ),
        "digits": Recipe(
            "Digits, trained",
            "Images of 64 pixels in two numbers: the latent plane is a map of all ten digits. Train trains it anew.",
            SHIPPED["vae_digits"],
            "codes",
        ),
        "mnist": Recipe(
            "MNIST, with a learned prior",
            "Four latents, drawn from a mixture that follows the codes: images are surer than from one Gaussian.",
            SHIPPED["vae_prior"],
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
