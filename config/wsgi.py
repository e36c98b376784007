"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.logs import configure_logs, log_what_ends_the_process
from config.sentry import watch_errors
from config.tracing import watch_traces
from foundation.embedded_services.tether import end_with_parent

# the server's own children: killed, it must not leave them behind with its port
end_with_parent()
configure_logs()
log_what_ends_the_process()
watch_errors()
watch_traces()
application = get_wsgi_application()
