"""Pages of forms, of flows and of what waits."""
