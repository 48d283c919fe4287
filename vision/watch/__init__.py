"""What has changed before a camera."""
