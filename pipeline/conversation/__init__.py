"""A conversation: turns, the reply, what is spoken of it and what was heard."""
