"""Pages of a customer: to read, to change, to link with others."""
