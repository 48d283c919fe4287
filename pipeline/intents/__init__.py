"""What an utterance wants. Pure: no file here does anything."""
