"""What can be done to manuscripts, pushes, library offers and accounts; one noun a file."""
