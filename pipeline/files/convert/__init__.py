"""Files to what is in them: which kind it is, the process that reads it, and elements with their places."""
