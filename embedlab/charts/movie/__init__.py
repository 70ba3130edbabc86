"""Learning movies: frames, curves, their export."""
