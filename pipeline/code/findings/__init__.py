"""What may be wrong with code, found without a model, and what a model reports of it once it is checked."""
