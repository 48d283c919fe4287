"""What several kinds of files have in common: zips, XML, text of unknown encoding, what a file's bytes say it is."""
