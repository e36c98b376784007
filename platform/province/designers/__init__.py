"""How forms and flows stand on pages, whosever they are: a form as who fills it in sees it, and the designers (设计器)
by which a hall at its desk and the province in its console make forms and flows. It owns no row: what is designed, and
what it may name, is handed in."""
