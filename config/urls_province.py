"""Routes of the province's host."""

from django.urls import include, path, re_path

from config.api import province_api
from tenants.portal.views import site_files

urlpatterns = [
    path("api/province/v1/", province_api.urls),
    path("", include("config.health")),
    path("design/", include("foundation.design.urls")),
    path("", include("province.identity.urls")),
    path("", include("province.halls.urls")),
    path("", include("province.content.urls")),
    path("", include("provisioning.urls")),
    # previews of halls' pages stand on this host, too
    re_path(r"^accent-(?P<colour>[0-9a-f]{6})\.css\Z", site_files.accent),
]

handler404 = "config.middleware.page_not_found"
handler500 = "config.middleware.server_error"
