"""When an utterance begins, pauses and ends, and whether a turn is over."""
