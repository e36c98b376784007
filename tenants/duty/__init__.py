"""值班表: the hall's shifts, who is on duty on which day, and who has taken whose turn. A step of a flow may be given
to who is on duty then."""
