"""Transfer: a sentence classifier from scratch, fine-tuned and frozen."""
