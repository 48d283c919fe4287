"""Kinds of files, a file each: how one is recognised by its bytes, and what is in it. Run in a process of its own."""
