"""Evaluation: how good word vectors are (analogies, similarity judgements), and how biased (WEAT)."""
