"""Projections: D dimensions drawn in two, by PCA, t-SNE or axes of one's own, and maps that lose nothing."""

from embedlab.projection.axes import semantic_axes
from embedlab.projection.flat import flat
from embedlab.projection.pca import pca
from embedlab.projection.projection import Projection
from embedlab.projection.trustworthiness import trustworthiness
from embedlab.projection.tsne import moments, tsne

axes = semantic_axes  # its name in the first edition

__all__ = ["Projection", "axes", "flat", "moments", "pca", "semantic_axes", "trustworthiness", "tsne"]
