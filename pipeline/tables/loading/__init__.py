"""From the bytes of a file to tables in which each column has its true type. Runs in the worker."""
