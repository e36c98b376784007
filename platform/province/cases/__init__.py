"""办件: how cases of the halls stand, a row each, and who applied for them; what was applied for stands in the hall's
schema."""
