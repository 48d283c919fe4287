"""What is meant ill to be seen: pictures and drawings, documents, places and servers."""
