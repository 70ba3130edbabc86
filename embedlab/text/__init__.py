"""From paragraphs to ids."""
