"""Documents (文书): what a kind of document says, templates of them in Word, and the same filled document as Word and
PDF. A template is read once into a value; both files are written from that value, so that they never differ."""
