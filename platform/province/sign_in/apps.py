from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "province.sign_in"
    label = "sign_in"
    verbose_name = "登录"
