"""Routes of the province's host."""

from django.conf import settings
from django.urls import include, path, re_path

from config.api import province_api
from province.identity.urls import province_patterns
from tenants.portal.views import site_files

urlpatterns = [
    path("api/province/v1/", province_api.urls),
    path("", include("config.health")),
    path("design/", include("foundation.design.urls")),
    path("", include("province.identity.urls")),
    path("", include(province_patterns)),
    path("", include("province.halls.urls")),
    path("", include("province.content.urls")),
    path("", include("province.catalogue.urls")),
    path("", include("provisioning.urls")),
    # previews of halls' pages stand on this host, too
    re_path(r"^accent-(?P<colour>[0-9a-f]{6})\.css\Z", site_files.accent),
]

if settings.DEMO:
    # imported here because it must not so much as exist elsewhere
    from config.demo.sign_in import demo_sign_in

    urlpatterns.append(path("demo/sign-in/", demo_sign_in, name="demo-sign-in"))

handler404 = "config.middleware.page_not_found"
handler500 = "config.middleware.server_error"
