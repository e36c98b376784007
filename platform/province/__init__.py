"""The province plane: what stands in the public schema. It never opens a hall's schema."""
