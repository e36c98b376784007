from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "province.people"
    label = "people"
    verbose_name = "人员"
