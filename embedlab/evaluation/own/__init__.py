"""Tests of one's own: word pairs with judgements, analogies, groups with an odd one, categories, read from files."""
