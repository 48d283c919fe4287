"""What people say, and whether it does what they meant: the tables of ``tests/sentences``, carried out."""
