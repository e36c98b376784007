"""People who are served: citizens, companies and their agents, mandates, contacts of guests."""
