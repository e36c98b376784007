from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "province.content"
    label = "content"
    verbose_name = "内容"
