"""What the pages ask that only they ask."""
