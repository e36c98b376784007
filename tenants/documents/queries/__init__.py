"""What is asked of documents."""
