"""Minds, one file a wire. ``pipeline.mind`` holds the protocol and picks one."""
