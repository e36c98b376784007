from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "benchmarks.rooms"
    label = "rooms"
