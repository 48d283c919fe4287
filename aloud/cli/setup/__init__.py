"""``aloud setup``: models, voices, microphone, loudspeaker: chosen, fetched, tried; a file a step."""
