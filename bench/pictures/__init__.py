"""Pictures measured: from a file to the first spoken word."""
