"""Speech to text: the protocol, the engines, and segments to words."""
