"""Kinds of files, a file each: how it is recognised, and what is in it; read in a process of its own."""
