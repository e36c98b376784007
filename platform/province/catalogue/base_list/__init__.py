"""基础清单: what a county's halls handle, as files, and how they are read."""
