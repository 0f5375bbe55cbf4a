"""Views for every family: data, samples, losses and distances."""
