"""A database engine whose threads leave their connections to each other between requests, where a process asks for it:
as many are open as requests are worked on at once, not as many as there are threads."""
