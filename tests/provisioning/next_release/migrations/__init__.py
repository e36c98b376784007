"""The portal's migrations with one more, as they are on the day of an upgrade."""
