"""Books and what is laid out as one: EPUB, FictionBook, PDF."""
