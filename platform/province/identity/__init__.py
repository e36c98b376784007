"""People's accounts, the posts they hold, what those posts allow, and tokens for programs."""
