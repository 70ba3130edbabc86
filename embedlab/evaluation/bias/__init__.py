"""Bias: further measures beside WEAT, debiasing, what it costs, and whether the bias is gone."""
