"""The province's public index, and the console's pages about divisions, halls and positions."""
