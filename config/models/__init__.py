"""The models we know: where they lie, how they are fetched, which to choose."""
