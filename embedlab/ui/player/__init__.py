"""The player that moves a chart's slider."""
