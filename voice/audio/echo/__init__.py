"""What the loudspeaker plays is taken out of what the microphone hears."""
