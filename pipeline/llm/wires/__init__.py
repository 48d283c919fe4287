"""The ways to reach an LLM, a file each: what ``--llm KIND:MODEL`` names, and how it is opened."""
