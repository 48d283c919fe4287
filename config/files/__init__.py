"""Small files: whole at any moment, read with a bound, put aside where they are damaged."""
