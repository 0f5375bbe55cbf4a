"""Views of the game between a generator and a discriminator."""
