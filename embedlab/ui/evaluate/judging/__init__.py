"""What the tests of the page Evaluate have in common, and the judge of groups and categories."""
