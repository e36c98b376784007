from django.urls import path

from province.identity import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="account-password"),
    path("account/tokens/", views.new_token, name="account-tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", views.end_token, name="account-token-revoke"),
]
