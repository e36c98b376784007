"""Notes of a county hall: an app with one table."""
