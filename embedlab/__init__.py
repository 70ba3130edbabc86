"""embedlab: see word embeddings being learned, borrowed and used.

Everything becomes a :class:`embedlab.vectors.WordVectors`; every query, map and comparison takes one.
Importing the package loads nothing heavy: take what you need from its modules.
"""

__version__ = "0.1.0"
