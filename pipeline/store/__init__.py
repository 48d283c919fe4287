"""What is kept of a person: one SQLite file. The queries are where the things are that are kept."""
