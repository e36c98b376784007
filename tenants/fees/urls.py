from django.urls import URLPattern, URLResolver, include, path

from tenants.fees.views import desk, site

site_urls = [
    path("notified/", site.notified, name="site-fee-notified"),
    path("<uuid:order_id>/pay/", site.pay, name="site-fee-pay"),
]

desk_urls = [
    path("", desk.table, name="desk-fees"),
    path("days/", desk.days, name="desk-fee-days"),
    path("cases/<uuid:case_id>/", desk.new, name="desk-fee-new"),
    path("<uuid:order_id>/", desk.order, name="desk-fee-order"),
    path("<uuid:order_id>/refunded/", desk.refunded, name="desk-fee-refunded"),
    path("<uuid:order_id>/ask/", desk.ask_again, name="desk-fee-ask"),
    path("<uuid:order_id>/receipt/", desk.receipt, name="desk-fee-receipt"),
]

hall_patterns: list[URLPattern | URLResolver] = [
    path("fees/", include(site_urls)),
    path("desk/fees/", include(desk_urls)),
]
