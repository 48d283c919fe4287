"""Language models: the protocol (``base``), how one is found, and a file or folder a wire."""
