"""The Today board, booking, and receiving customers."""
