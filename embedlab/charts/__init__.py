"""Pictures: each function takes data and gives an `alt.Chart`; nothing here computes what it shows."""
