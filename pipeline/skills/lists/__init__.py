"""Lists and notes: what is asked of them, what is kept, and what is said of it."""
