"""What model servers are asked in, and answer in: an API a file, each pure."""
