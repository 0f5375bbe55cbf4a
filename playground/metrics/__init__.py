"""The quality of samples: distances to the data, mode coverage, and the detection of GAN failures."""
