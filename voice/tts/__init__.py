"""Text to speech: the protocol, the engines, and where each word lies."""
