"""Letters: the character model of makemore."""
