"""The wall: a workshop's runs as live tiles on one page, those of visitors who joined it."""
