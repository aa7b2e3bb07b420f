"""The API of customers, version 1."""
