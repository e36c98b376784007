"""What designers of forms and flows fill in, and what a page of a form posts."""
