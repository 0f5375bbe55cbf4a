"""What a link or a file holds of the page."""
