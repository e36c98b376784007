"""Routes of the host of a township's hall."""

from config.urls_hall import routes_of

urlpatterns = routes_of("township")
handler400 = "config.middleware.refused_unread"
handler404 = "config.middleware.not_found_at_hall"
handler500 = "config.middleware.server_error"
