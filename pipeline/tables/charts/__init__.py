"""Charts of what was computed: drawn in a process of their own, and told in two sentences."""
