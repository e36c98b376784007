"""What is done with questions; one noun a file."""
