"""Minds, one file a wire. ``pipeline.llm.base`` holds the protocol and picks one."""
