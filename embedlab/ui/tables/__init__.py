"""Tables on a page: of records, and of the numbers of a computation."""
