from django.urls import URLPattern, URLResolver, include, path

from tenants.casework.views import (
    desk,
    desk_packages,
    exchange,
    joint,
    joint_offers,
    licences,
    pushes,
    referrals,
    setups,
    shared_designs,
    site,
    site_apply,
    site_complaints,
    site_packages,
)

site_urls = [
    path("", site.cases, name="site-cases"),
    path("apply/<uuid:item_id>/", site_apply.apply, name="site-apply"),
    path("licences/<uuid:filled_id>/", licences.use_own, name="site-use-licence"),
    path("packages/begin/<uuid:package_id>/", site_packages.begin, name="site-package-begin"),
    path("packages/<uuid:application_id>/", site_packages.whole, name="site-whole"),
    path("packages/<uuid:application_id>/withdraw/", site_packages.withdraw, name="site-whole-withdraw"),
    path("<uuid:case_id>/", site.case, name="site-case"),
    path("<uuid:case_id>/brought/", site.bring, name="site-case-brought"),
    path("<uuid:case_id>/withdraw/", site.withdraw, name="site-case-withdraw"),
    path("<uuid:case_id>/complain/", site_complaints.complain, name="site-case-complain"),
    path("<uuid:case_id>/decision/", site.decision, name="site-case-decision"),
    path("<uuid:case_id>/documents/<uuid:document_id>/", site.document, name="site-case-document"),
    path("<uuid:case_id>/decision/paper/", site.decision_paper, name="site-case-decision-paper"),
]

desk_urls = [
    path("", desk.table, name="desk-cases"),
    path("new/", desk.new, name="desk-case-new"),
    path("many/", desk.accept_ticked, name="desk-case-many"),
    path("setups/", setups.table, name="desk-case-setups"),
    path("setups/items/<uuid:item_id>/", setups.parts, name="desk-case-setup-parts"),
    path("setups/opinions/", joint_offers.offers, name="desk-opinion-offers"),
    path("setups/<uuid:setup_id>/", setups.setup, name="desk-case-setup"),
    path("setups/<uuid:setup_id>/shared/", shared_designs.shared, name="desk-case-setup-shared"),
    path("packages/", desk_packages.table, name="desk-packages"),
    path("packages/new/<uuid:package_id>/", desk_packages.new, name="desk-package-new"),
    path("packages/<uuid:application_id>/", desk_packages.whole, name="desk-package"),
    path("exchange/", exchange.export, name="desk-case-exchange"),
    path("pushes/", pushes.table, name="desk-case-pushes"),
    path("pushes/<uuid:key_id>/revoke/", pushes.revoke, name="desk-case-key-revoke"),
    path("referrals/", referrals.table, name="desk-referrals"),
    path("opinions/", joint.table, name="desk-opinions"),
    path("opinions/<uuid:opinion_id>/", joint.opinion, name="desk-opinion"),
    path("opinions/<uuid:opinion_id>/paper/", joint.open_paper, name="desk-opinion-paper"),
    path("opinions/<uuid:opinion_id>/ask/", joint.ask, name="desk-opinion-ask"),
    path("opinions/<uuid:opinion_id>/files/<uuid:upload_id>/", joint.open_file, name="desk-opinion-file"),
    path("licences/<uuid:filled_id>/", licences.use_at_desk, name="desk-use-licence"),
    path("<uuid:case_id>/", desk.case, name="desk-case"),
    path("<uuid:case_id>/hand-up/", referrals.hand_up, name="desk-case-hand-up"),
    path("<uuid:case_id>/send-on/", referrals.send_on, name="desk-case-send-on"),
    path("<uuid:case_id>/materials/", desk.materials, name="desk-case-materials"),
    path("<uuid:case_id>/files/<uuid:upload_id>/", desk.open_file, name="desk-case-file"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("cases/", include(site_urls)),
    path("packages/<uuid:package_id>/", site_packages.guide, name="site-package"),
    path("desk/cases/", include(desk_urls)),
]
