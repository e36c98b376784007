"""Writes the schemas of the exchange's formats from the definition."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from standards.cases.schema_files import case_schema_files
    from standards.items.exchange.schema_files import schema_files
    from standards.items.live import hold_additions
    from tests.definition import AS_BEGUN

    # files in the program are those of a new province
    hold_additions(AS_BEGUN)

    for path, text in (schema_files() | case_schema_files()).items():
        path.write_text(text, encoding="utf-8")
