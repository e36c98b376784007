"""What the staff fill in when they do something with cases."""
