"""Values of an owner's own rows, sealed under a data key of that owner (envelope encryption)."""
