"""Documents, and what is asked of them."""
