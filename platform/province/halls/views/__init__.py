"""The console's pages about divisions, halls and positions."""
