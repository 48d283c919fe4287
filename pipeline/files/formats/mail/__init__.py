"""E-mail: as it is sent, and as Outlook keeps it."""
