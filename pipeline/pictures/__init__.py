"""Pictures in a conversation: prepared, cut, read aloud, looked at again."""
