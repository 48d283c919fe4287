"""Where sound goes: a loudspeaker, a file, standard output."""
