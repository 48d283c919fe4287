"""Conversations measured: interruptions, hesitations, long talks, many at once."""
