"""The verbs of shipping: each one use case, one transaction."""
