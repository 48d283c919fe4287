"""What is said of a picture without a model that sees."""
