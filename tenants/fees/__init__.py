"""收费: what a case costs by its item's own list, how it was paid, who need not pay, and what is given back. Nothing
else is ever charged. Villages do not have it."""
