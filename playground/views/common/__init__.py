"""Pictures of every family: data, samples, losses and distances."""
