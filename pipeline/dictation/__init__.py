"""Dictation: speech to finished text. Every stage before the LLM is pure and can be switched off alone."""
