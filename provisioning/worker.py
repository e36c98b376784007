"""A further process that works on a rollout: ``python -m provisioning.worker ROLLOUT``. It ends with its parent."""

import os
import signal
import sys

import django

from foundation.embedded_services.tether import end_with_parent

if __name__ == "__main__":
    end_with_parent(signal.SIGKILL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # only now are there models
    from provisioning.models import Rollout
    from provisioning.rollouts import work_on

    work_on(Rollout.objects.get(pk=sys.argv[1]))
