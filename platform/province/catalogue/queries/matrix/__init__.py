"""Which hall handles which item: the matrix of a place, and its pages."""
