"""What halls report of the documents that they have issued, so that anybody can check one: a row each, no word of
it."""
