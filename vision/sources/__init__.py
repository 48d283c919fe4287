"""Where pictures come from: files, documents, addresses, a camera, the screen."""
