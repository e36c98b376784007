"""Routes of the province's host."""

from django.conf import settings
from django.urls import include, path

from config.api import province_api
from config.routes import province_routes

urlpatterns = [
    path("api/province/v1/", province_api.urls),
    path("", include("config.health")),
    *province_routes(),
]

if settings.DEMO:
    # imported here because it must not so much as exist elsewhere
    from config.demo.sign_in import demo_citizen_sign_in, demo_sign_in

    urlpatterns.append(path("demo/sign-in/", demo_sign_in, name="demo-sign-in"))
    urlpatterns.append(path("demo/citizen/", demo_citizen_sign_in, name="demo-citizen"))

handler400 = "config.middleware.refused_unread"
handler404 = "config.middleware.page_not_found"
handler500 = "config.middleware.server_error"
