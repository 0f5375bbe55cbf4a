"""The comparison of families: a race, and what can be seen beside it."""
