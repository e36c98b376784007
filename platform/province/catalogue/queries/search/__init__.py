"""Finding items: by what citizens say, by groups, and at the console."""
