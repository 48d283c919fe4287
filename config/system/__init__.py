"""What the system gives a program: processor cores, memory, its turn at both, and the standard streams."""
