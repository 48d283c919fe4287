"""Open files asked about and read: what is in them found again, their chapters, and what is said of them."""
