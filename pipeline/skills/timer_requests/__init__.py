"""What an utterance asks of timers, alarms and reminders: in any language, and as a call of their tools."""
