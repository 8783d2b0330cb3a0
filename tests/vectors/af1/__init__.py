"""AF1 in plain Python: the second implementation, written from the protocol text alone."""
