"""What people ask halls, as halls report it upward: one row a question, no word of it. The questions themselves stand
in the halls' schemas."""
