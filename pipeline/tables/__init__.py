"""Tables are computed, never guessed: loaded into a database in a process of its own, asked, drawn."""
