"""The province's own pages for everybody, at its own host: search over all, news, items, the way to every hall. It owns
no row, and shows only public ones."""
