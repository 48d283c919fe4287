"""Tools of MCP servers: programs and addresses that the person's settings file names."""
