"""One lesson a package: its data, its model, its run, and what is bundled of it."""
