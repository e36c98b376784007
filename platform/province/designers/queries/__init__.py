"""What pages of forms and flows show, and what designers are told."""
