"""``aloud mcp``: the servers of the settings file, what they offer, and what of it is approved."""
