"""Templates of documents (文书) that the province gives its halls, and what is the same for every template: the kinds
that apps state, how a Word file is read as one, what it looks like filled in."""
