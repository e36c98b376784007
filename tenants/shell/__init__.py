"""The layouts of a hall's site and desk, and what every hall has whichever apps it has: who may see the site and who
sits at the desk, kept pages, the elder mode, the installable site.

It stands below the apps whose pages use it and knows none of them: what they show here they contribute (``slots.py``).
"""
