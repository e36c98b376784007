"""What can be done to a hall's own site; one noun a file. All of it works inside the hall's schema."""
