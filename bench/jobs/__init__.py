"""What a person does with files, code and messages by voice, whole: every engine real, the model scripted."""
