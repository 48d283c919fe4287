"""Dictation measured: from the end of speech to the text, and what a crash loses."""
