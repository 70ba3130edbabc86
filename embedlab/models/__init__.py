"""The models that embedlab trains, one a file; none imports another."""
