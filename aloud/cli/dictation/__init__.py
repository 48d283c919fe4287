"""The commands of dictation: ``aloud dictate``, and how it looks."""
