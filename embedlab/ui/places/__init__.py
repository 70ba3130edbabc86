"""Places further down a page that a link can lead to."""
