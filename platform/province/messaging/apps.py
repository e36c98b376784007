from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "province.messaging"
    label = "messaging"
    verbose_name = "消息"
