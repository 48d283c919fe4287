"""Where texts go, a file each; what they promise stands in ``pipeline.dictation.targets.base``."""
