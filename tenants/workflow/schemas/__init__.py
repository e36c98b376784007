"""How the API of forms, of flows and of what runs of them carries what it says; one noun a file."""
