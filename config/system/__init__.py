"""What the system gives a program: its standard streams, and folders that are one person's alone."""
