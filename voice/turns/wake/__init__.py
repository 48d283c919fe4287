"""The wake word, and what it lets through."""
