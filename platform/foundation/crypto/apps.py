from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "foundation.crypto"
    label = "crypto"
    verbose_name = "密码"
