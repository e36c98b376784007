"""What people ask halls and complain of, as halls report it upward: one row a question or complaint, no word of it.
They themselves stand in the halls' schemas."""
