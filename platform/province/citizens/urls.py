from django.urls import path

from province.citizens.views import hall_sign_in, outside, sign_in

# on every host: what a browser works on before a form is taken, and what phones would have got
shared_patterns = [
    path("me/sign-in/challenge/", sign_in.challenge, name="citizen-challenge"),
    path("outbox/", sign_in.outbox, name="outbox"),
]

# where citizens sign in, for all halls
province_patterns = [
    path("me/sign-in/", sign_in.sign_in, name="citizen-sign-in"),
    path("me/sign-in/passkey/", sign_in.passkey_proof, name="citizen-passkey-proof"),
    path("me/sign-in/with/<slug:provider>/", outside.go, name="citizen-outside"),
    path("me/sign-in/from/<slug:provider>/", outside.back, name="citizen-outside-back"),
    path("me/sign-out/", sign_in.sign_out, name="citizen-sign-out"),
    path("me/authorize/", sign_in.authorize, name="citizen-authorize"),
]

# halls' hosts send citizens there and take them back
hall_patterns = [
    path("me/sign-in/", hall_sign_in.go, name="citizen-sign-in"),
    path("me/sign-in/back/", hall_sign_in.back, name="citizen-back"),
]
