"""When somebody speaks, and when a turn is over."""
