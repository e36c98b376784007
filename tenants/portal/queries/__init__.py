"""What the site's pages and the desk ask of a hall's own schema; one noun a file."""
