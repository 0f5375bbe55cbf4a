"""What trains: a host with its runs, wherever it is, and what they send."""
