from django.apps import AppConfig


class CitizenPagesConfig(AppConfig):
    name = "tenants.citizen_pages"
    label = "citizen_pages"
    verbose_name = "群众页面"
