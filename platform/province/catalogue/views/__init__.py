"""The console's pages about items; one noun a file."""
