"""Files to what is in them: which kind it is, the process that reads it, and passages with their places."""
