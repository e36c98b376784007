"""Rooms of a county hall that are yet to be built, for their number of tables alone: cases, items, windows …"""
