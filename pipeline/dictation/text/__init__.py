"""The text of a dictation: commands, marks, numerals, vocabulary. No sound, no files."""
