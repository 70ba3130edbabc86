"""Walking through the steps of a computation."""
