"""Views of images: what a small classifier sees in them, and what they are beside others."""
