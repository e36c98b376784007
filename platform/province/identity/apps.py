from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "province.identity"
    label = "identity"
    verbose_name = "身份"
