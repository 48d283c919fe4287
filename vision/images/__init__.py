"""Pictures as values, and pixels."""
