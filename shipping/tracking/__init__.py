"""What carriers say about a parcel, decided without a database: numbers, words, checkpoints, state."""
