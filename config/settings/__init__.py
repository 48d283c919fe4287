"""Every setting, one typed model a stage; and where each value came from."""
