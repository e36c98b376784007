"""Notices of the province: an app without rows."""
