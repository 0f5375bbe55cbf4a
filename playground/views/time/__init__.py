"""Pictures of what happens between noise and data: paths, fields, scores, and the chains of diffusion models."""
