"""Where sound comes from: a microphone, a recording, standard input."""
