"""Worker processes: trainings outside the server's process, and runs that were recorded in the same format."""
