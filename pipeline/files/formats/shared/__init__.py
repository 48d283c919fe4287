"""What several kinds of files have in common: zips, XML, encodings, the process that reads them."""
