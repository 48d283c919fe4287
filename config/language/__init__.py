"""Languages as data: what is said in each, what is obeyed in each, and their codes."""
