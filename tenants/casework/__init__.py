"""办件: applications for the hall's items, from the first paper to the archive: who has them, what was decided,
what was told to whom."""
