"""Tools for a person's files: read one, search many, save a text."""
