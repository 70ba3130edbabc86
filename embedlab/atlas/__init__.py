"""Atlas: a whole space on one map, tens of thousands of words at once."""
