"""The open files of a session: documents, tables and code, each with what answers for it."""
