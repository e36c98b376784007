"""A hall's public site: its columns, its own articles, what it decided about pushes, and the pages readers see."""
