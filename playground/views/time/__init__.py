"""Views over the time from noise to data: paths, fields, scores, and the chains of diffusion models."""
