"""What others may ask about manuscripts, audiences, pushes, library offers and accounts; one noun a file."""
