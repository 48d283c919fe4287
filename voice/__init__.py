"""Sound in and sound out: microphone, segmenter, ears, mouth, speaker. Rests on ``config`` alone."""
