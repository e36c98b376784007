"""What others may ask about this hall's items; one noun a file."""
