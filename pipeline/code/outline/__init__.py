"""What code is made of, without a model: its parts, where they begin and end, what is in them."""
