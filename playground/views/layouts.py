"""The layouts of the Stage: its panels, and what each shows."""

from dataclasses import dataclass

from playground.data.kinds import ANY, IMAGES, Kind
from playground.families.capabilities import (
    Adversarial,
    Conditional,
    Denoiser,
    ExactField,
    LatentVariable,
    Trajectory,
    VelocityField,
)


@dataclass(frozen=True)
class Layout:
    """How the Stage is divided. panels: a title for each panel; a layer may add more. needs, kinds: as for a View.

    data: the panels that show the data as backdrop; None means all. moving: whether the single panel moves with time,
    from noise on the left to data on the right. hint: what the pointer can do in it. backwards: whether time is played
    from data to noise.
    """

    title: str
    help: str
    panels: tuple[str, ...] = ("",)
    needs: type | None = None
    data: tuple[int, ...] | None = (0,)
    moving: bool = False
    hint: str = ""
    backwards: bool = False
    kinds: tuple[Kind, ...] = ("points",)


LAYOUTS: dict[str, Layout] = {
    "latent": Layout(
        "Data and latent",
        "What is encoded on the left, and the latent space on the right.",
        panels=("Data", "Latent"),
        needs=LatentVariable,
        hint="Point at a datum or a latent. Drag a path through the latent space, or click on two data.",
    ),
    "overlay": Layout("Overlay", "Data and samples in one panel, at the time of the slider."),
    "journey": Layout("Noise → data", "From noise on the left to data on the right.", needs=Trajectory, moving=True),
    "latent_map": Layout(
        "Latents and data",
        "The generator's two ends: on the right what it starts from, coloured by the mode that it is sent to.",
        panels=("data", "latents"),
        needs=Adversarial,
    ),
    "forward": Layout(
        "Adding noise",
        "In reverse: data walk into noise.",
        needs=Denoiser,
        backwards=True,
        hint="Click on a point to follow it into noise.",
    ),
    "score": Layout("Score", "In which direction data are denser, at every level of noise.", needs=Denoiser),
    "samplers": Layout("Samplers", "The same noise, several samplers.", ("",) * 5, needs=Denoiser, data=None),
    "memorisation": Layout(
        "Memorisation", "Are the samples new, or the training points?", needs=VelocityField, data=()
    ),
    "tiles": Layout("Side by side", "Held-out images, and what the model makes.", ("held-out images",), kinds=IMAGES),
    "film": Layout("Film", "From noise on the left to an image on the right.", needs=Trajectory, data=(), kinds=IMAGES),
    "noising": Layout(
        "Noising",
        "What becomes of held-out images on their way to noise, which is what the model learns to undo.",
        needs=ExactField,
        data=(),
        backwards=True,
        kinds=IMAGES,
    ),
    "codes": Layout(
        "Latent plane",
        "What each place of the latent plane decodes to, and where the codes of held-out images lie.",
        panels=("Decoded", "Latent"),
        needs=LatentVariable,
        data=(),
        hint="Point into the latent plane: what lies there is decoded.",
        kinds=IMAGES,
    ),
    "interpolation": Layout(
        "Interpolation",
        "From one held-out image to another, through the latent space.",
        panels=("held-out images", ""),
        needs=LatentVariable,
        hint="Click on two of the held-out images: three interpolations from one to the other are decoded.",
        kinds=IMAGES,
    ),
    "traversal": Layout("Traversal", "What each latent does to an image.", needs=LatentVariable, data=(), kinds=IMAGES),
    "latent_walks": Layout(
        "Latent walks",
        "From a sample to another, and along each latent.",
        panels=("", ""),
        needs=Adversarial,
        data=(),
        kinds=IMAGES,
    ),
    "guided": Layout(
        "Samples and class",
        "The samples beside the class that they should be of.",
        ("Samples", "Data"),
        Conditional,
        (),
        kinds=ANY,
    ),
    "guidance": Layout(
        "Guidance",
        "The same noise for every class, and with more and more guidance.",
        needs=Conditional,
        data=(),
        kinds=IMAGES,
    ),
    "by_class": Layout(
        "By class", "Samples sorted by the class that the classifier sees in them.", data=(), kinds=IMAGES
    ),
    "nearest": Layout("Nearest", "Are the samples new, or the training images?", data=(), kinds=IMAGES),
    "features": Layout(
        "Features",
        "Where samples lie among the data, in what the classifier sees of them.",
        data=(),
        kinds=IMAGES,
    ),
}
"""A tab opens with the first layout that suits its family and the data."""
