"""What needs a person's spoken yes, how it is read back, and what counts as one. Pure: nothing in or out."""
