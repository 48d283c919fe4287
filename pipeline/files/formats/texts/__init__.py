"""Text of any kind: plain, Markdown, code, web pages."""
