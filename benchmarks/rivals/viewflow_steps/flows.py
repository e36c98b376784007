"""Twenty steps in a row, each for the one person there is; the row of a process is held while something is done in it,
as viewflow recommends for PostgreSQL."""

from django.contrib.auth.models import User
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow.views import UpdateProcessView

STEPS = 20


def _the_person(_activation: object) -> User:
    return User.objects.get()


def _step(number: int) -> flow.View:
    following = f"step_{number + 1}" if number + 1 < STEPS else "finish"
    made = flow.View(UpdateProcessView.as_view(fields=[])).Assign(_the_person)
    return made.Next(getattr(this, following))


class Steps(flow.Flow):
    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle().Next(this.step_0)
    vars().update({f"step_{number}": _step(number) for number in range(STEPS)})
    finish = flow.End()
