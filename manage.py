#!/usr/bin/env python
"""Django's own commands, for development (makemigrations, check)."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # migrations make tables
    os.environ.setdefault("YIZHAN_AS_OWNER", "1")
    execute_from_command_line(sys.argv)
