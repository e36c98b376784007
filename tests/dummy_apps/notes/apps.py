from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "tests.dummy_apps.notes"
    label = "notes"
