"""What can be done to divisions and halls; one noun a file."""
