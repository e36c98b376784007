"""Items as this hall handles them: what it has adopted, its own guide of each, and the pages that citizens read."""
