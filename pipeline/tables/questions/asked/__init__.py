"""An utterance read to a question: its words are data, and what they may be in it is put together here."""
