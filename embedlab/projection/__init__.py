"""D dimensions in two: PCA, t-SNE and axes of one's own, each with a figure for how far to trust it."""
