from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tests.dummy_apps.notices"
    label = "notices"
