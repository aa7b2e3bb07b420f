"""Lines of bank statements: read, and matched to what customers owe."""
