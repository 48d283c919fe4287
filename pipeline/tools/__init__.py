"""What a model may ask the program to do."""
