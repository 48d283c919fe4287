"""What stands between a model and what it lacks: an LLM around an LLM, a file each."""
