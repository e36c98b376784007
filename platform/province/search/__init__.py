"""What readers may find on all halls' sites, as halls report it upward: one row a published article."""
