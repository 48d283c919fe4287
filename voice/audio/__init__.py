"""Sound as values; where it comes from and where it goes."""
