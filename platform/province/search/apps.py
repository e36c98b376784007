from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "province.search"
    label = "search"
    verbose_name = "全省搜索"
