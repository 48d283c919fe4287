"""A dictation rewritten: styles, the rewrite, and the guards over it."""
