"""The pages of a hall's forms, of its flows and of what runs of them; one noun a file."""
