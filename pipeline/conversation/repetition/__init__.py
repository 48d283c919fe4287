"""What is said again: by an answer that goes round in circles, and by one that was asked to."""
