"""Pictures: each function takes data and gives Vega-Lite, from a template; nothing here computes what it shows."""
