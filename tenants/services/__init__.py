"""Items as this hall handles them: what it has adopted, its own part of each, and the pages that citizens read."""
