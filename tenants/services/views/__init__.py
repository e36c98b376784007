"""Pages about this hall's items; one noun a file."""
