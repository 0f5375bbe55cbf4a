"""Views of why flow matching works: which noise is paired with which data, and what becomes of the pairs on average."""
