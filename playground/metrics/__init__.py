"""What samples are worth: distances to the data, the modes that they cover, and how a GAN's training went wrong."""
