"""The first stock of a branch, from a list: what each row means, and what it would do."""
