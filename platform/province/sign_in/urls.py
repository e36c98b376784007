from django.urls import path

from province.sign_in.views import account, clients, factors, hall_sign_in, oidc, sessions, sign_in, step_up, tokens

# on every host
shared_patterns = [
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("confirm/", step_up.confirm, name="confirm"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="account-password"),
    path("account/tokens/", account.new_token, name="account-tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", account.end_token, name="account-token-revoke"),
]

# where people sign in
province_patterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-in/set-up/", sign_in.set_up, name="sign-in-set-up"),
    path("sign-in/activate/", sign_in.activate, name="sign-in-activate"),
    path("sign-in/passkey/", sign_in.proof_options, name="passkey-proof"),
    path("account/factors/", factors.factors, name="account-factors"),
    path("account/factors/passkey/", sign_in.making_options, name="passkey-making"),
    path("account/sessions/", sessions.sessions, name="account-sessions"),
    path("account/sessions/end/", sessions.end, name="account-sessions-end"),
    path(".well-known/openid-configuration", oidc.configuration, name="oidc-configuration"),
    path("oidc/keys/", oidc.keys, name="oidc-keys"),
    path("oidc/authorize/", oidc.authorize, name="oidc-authorize"),
    path("oidc/token/", oidc.token, name="oidc-token"),
    path("oidc/userinfo/", oidc.userinfo, name="oidc-userinfo"),
    path("oidc/sign-out/", oidc.sign_out, name="oidc-sign-out"),
    path("oidc/sign-out/confirm/", oidc.confirm_sign_out, name="oidc-sign-out-confirm"),
    path("console/settings/clients/", clients.clients_table, name="console-clients"),
    path("console/settings/clients/<str:client_id>/", clients.client, name="console-client"),
    *(
        path(f"console/settings/clients/<str:client_id>/{verb}/", act, name=f"console-client-{verb}")
        for verb, act in (("secret", clients.new_secret), ("revoke", clients.revoke))
    ),
    path("console/settings/tokens/", tokens.tokens, name="console-tokens"),
    path("console/settings/tokens/<uuid:token_id>/revoke/", tokens.end_token, name="console-token-revoke"),
]

# halls' hosts send people there and take them back
hall_patterns = [
    path("sign-in/", hall_sign_in.go, name="sign-in"),
    path("sign-in/back/", hall_sign_in.back, name="sign-in-back"),
    path("confirm/at-province/", hall_sign_in.prove, name="confirm-at-province"),
]
