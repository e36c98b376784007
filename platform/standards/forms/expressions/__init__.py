"""Conditions and computed values: a checked part of zen's expression language, which zen-engine works out.

``grammar`` reads a text into a tree, ``checking`` judges its names and kinds and writes the text that zen gets,
``running`` has it worked out. What the grammar does not know never reaches zen: no assignment, no template, no function
but those listed, no loop but over the lines of a group.
"""
