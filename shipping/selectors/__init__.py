"""What pages, documents and other apps read of shipments."""
