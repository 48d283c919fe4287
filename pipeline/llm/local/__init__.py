"""A model in this program: a GGUF file, read by llama.cpp (the ``xllamacpp`` wheel)."""
