from django.urls import URLPattern, URLResolver, include, path

from tenants.citizen_pages.views import desk, own, security, sign_in

citizen_urls = [
    path("", own.me, name="citizen-me"),
    path("sign-out/", sign_in.sign_out, name="citizen-sign-out"),
    path("confirm/", sign_in.confirm, name="citizen-confirm"),
    path("confirm/passkey/", sign_in.passkey_proof, name="citizen-confirm-passkey"),
    path("sign-ins/", sign_in.sign_ins, name="citizen-sign-ins"),
    path("sign-ins/end/", sign_in.end_sign_ins, name="citizen-sign-ins-end"),
    path("security/", security.security, name="citizen-security"),
    path("security/passkey/", security.passkey_making, name="citizen-passkey-making"),
    path("security/passkey/decline/", security.decline_passkey, name="citizen-passkey-decline"),
    path("proof/", own.proof, name="citizen-proof"),
    path("phone/", own.phone, name="citizen-phone"),
    path("password/", own.password, name="citizen-password"),
    path("companies/new/", own.new_company, name="citizen-company-new"),
    path("agencies/new/", own.new_agency, name="citizen-agency-new"),
    *(
        path(f"agencies/<uuid:agency_id>/{verb}/", own.agency, {"verb": verb}, name=f"citizen-agency-{verb}")
        for verb in ("confirm", "end")
    ),
    *(
        path(f"mandates/<uuid:mandate_id>/{verb}/", own.mandate, {"verb": verb}, name=f"citizen-mandate-{verb}")
        for verb in ("confirm", "revoke")
    ),
    path("export/", own.export, name="citizen-export"),
    path("end/", own.end, name="citizen-end"),
]

desk_urls = [
    path("citizens/", desk.find, name="desk-citizens"),
    path("citizens/new/", desk.register, name="desk-citizen-new"),
    path("citizens/<uuid:citizen_id>/", desk.citizen, name="desk-citizen"),
    *(
        path(f"citizens/<uuid:citizen_id>/{verb}/", getattr(desk, verb), name=f"desk-citizen-{verb}")
        for verb in ("check", "phone", "guardian", "reveal", "mandate")
    ),
    *(
        path(
            f"mandates/<uuid:mandate_id>/{verb}/",
            desk.act_on_mandate,
            {"verb": verb},
            name=f"desk-mandate-{verb}",
        )
        for verb in ("confirm", "send", "revoke")
    ),
    path("mandates/<uuid:mandate_id>/paper/", desk.paper, name="desk-mandate-paper"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("me/", include(citizen_urls)),
    path("desk/", include(desk_urls)),
]
