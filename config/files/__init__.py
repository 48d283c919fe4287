"""A person's files: whole at any moment, theirs alone, read with a bound, one writer at a time."""
