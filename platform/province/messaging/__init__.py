"""Notices (消息) that tell staff what came to them: a row each person and cause, with a bell on every page."""
