"""What standard streams, environments and commands there are, and how such a stream is made."""
