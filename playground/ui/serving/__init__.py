"""How the page gets to the browser: in few files, compressed once, kept by the browser until they change."""
