"""Recordings meant ill, and what each should come to."""
