"""The one training loop, its configuration and its optimizers; scores as probabilities."""
