"""The migrations of a public app with one more, as they are on the day of an upgrade."""
