"""Flow matching: `flow` follows the papers, the other modules are its parts."""
