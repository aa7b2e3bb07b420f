"""How messages leave. An adapter gets one `Outgoing`, answers `Sent` or raises one of four errors."""
