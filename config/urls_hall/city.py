"""Routes of the host of a city's centre."""

from config.urls_hall import routes_of

urlpatterns = routes_of("city")
handler400 = "config.middleware.refused_unread"
handler404 = "config.middleware.not_found_at_hall"
handler500 = "config.middleware.server_error"
