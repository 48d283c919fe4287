"""Office: Word, PowerPoint, OpenDocument, rich text, old and new."""
