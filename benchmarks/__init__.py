"""Speed, side by side with a peer in one run: `python -m benchmarks.NAME` prints medians, ratios and the machine."""
