"""Binary formats: word2vec, fastText, NumPy and safetensors."""
