"""Pages for people who are served: their own (我的), and those on which a desk's clerks serve them. It has no rows."""
