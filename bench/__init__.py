"""Speed and memory of the practice under a load of its own: `python -m bench load|measure`. See README.md."""
