"""Tools for the web: a page by its address, and a search."""
