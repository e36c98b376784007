from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "benchmarks.dummy_apps"
    label = "rooms"
