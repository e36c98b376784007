"""The console's pages about content; one noun a file."""
