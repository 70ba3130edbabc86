"""The page Word2vec."""
