"""What a turn does beside talking: the calls of its model, and what a person is asked before."""
