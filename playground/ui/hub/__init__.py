"""The hub on the page: who is signed in, publishing, and opening."""
