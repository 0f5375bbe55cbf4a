"""Who visits, and where the runs of each stand."""
