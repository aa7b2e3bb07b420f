"""Start, watch and stop the servers and processes of the practice on one machine. Standard library only."""
