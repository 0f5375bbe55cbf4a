"""Image sets. A datum has shape (height, width), or (height, width, 3) in colour; values are in [−1, 1]."""
