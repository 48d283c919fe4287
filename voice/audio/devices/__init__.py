"""Sound cards: found, opened, and opened again."""
