"""One flow, as a project with viewflow writes it: in Python, in a module that is called flows."""
