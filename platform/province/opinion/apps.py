from django.apps import AppConfig


class OpinionConfig(AppConfig):
    name = "province.opinion"
    label = "opinion"
    verbose_name = "互动交流汇总"
