"""A dictation put together: its keys, its voice, the model that rewrites, and what is tried once more."""
