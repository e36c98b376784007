"""Numbers that the state gives to people, bodies and places; one kind a module."""
