"""An app whose event nobody hears: with it the program must not start."""
