"""What the HTTP interface takes and gives; one noun a file."""
