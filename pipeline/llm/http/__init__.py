"""A model server is asked over HTTP, in whichever API it speaks."""
