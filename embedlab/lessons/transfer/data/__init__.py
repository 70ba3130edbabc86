"""The sentences that Transfer classifies: bundled, downloaded, or from a table of one's own."""
