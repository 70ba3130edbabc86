"""The address bar and the history of the browser."""
