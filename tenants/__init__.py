"""What stands in a hall's own schema."""
