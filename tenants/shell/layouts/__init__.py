"""The layouts of a hall's site and desk: what every page in them shares, whichever app it belongs to."""
