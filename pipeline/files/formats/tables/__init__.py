"""Tables: their first rows, as they are quoted."""
