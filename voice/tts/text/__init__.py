"""Text as it is spoken: the spoken form of Markdown, numbers, money, units."""
