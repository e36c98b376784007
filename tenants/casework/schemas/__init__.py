"""How the interface of cases carries what it says; one noun a file."""
