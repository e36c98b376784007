"""What is asked of templates of documents."""
