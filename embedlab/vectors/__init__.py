"""The one thing that everything becomes, V words with a (V, D) matrix, and what can be asked of it."""
