"""Tables: whether what is computed of them is what plain Python computes, and what hostile questions do."""
