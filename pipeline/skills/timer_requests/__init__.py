"""What an utterance asks of timers, alarms and reminders: read in any language, then a call of their tools."""
