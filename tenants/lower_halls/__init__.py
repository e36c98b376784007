"""What a hall sees of the halls below it, and what it hands down to them. It has no rows. Villages, below which there
is nobody, do not have it."""
