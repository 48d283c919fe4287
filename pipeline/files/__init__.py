"""A person's files in a conversation: opened, told of, searched, quoted with the place where it stands."""
