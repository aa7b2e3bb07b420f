"""The API of visits, version 1."""
