"""Dictation: speech to finished text. Every stage before the mind is pure and can be switched off alone."""
