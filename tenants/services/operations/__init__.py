"""What can be done to this hall's items; one noun a file."""
