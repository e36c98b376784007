from django.db import models

from foundation.states import Transitions


class FormState(models.TextChoices):
    """Whether a form may be filled in."""

    DRAFT = "draft", "未发布"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


FORM_TRANSITIONS = Transitions(
    {
        FormState.DRAFT: frozenset({FormState.PUBLISHED, FormState.RETIRED}),
        # a newer version follows
        FormState.PUBLISHED: frozenset({FormState.PUBLISHED, FormState.RETIRED}),
        FormState.RETIRED: frozenset({FormState.DRAFT, FormState.PUBLISHED}),
    }
)


class FlowState(models.TextChoices):
    """Whether runs of a flow may begin."""

    DRAFT = "draft", "未发布"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


FLOW_TRANSITIONS = Transitions(
    {
        FlowState.DRAFT: frozenset({FlowState.PUBLISHED, FlowState.RETIRED}),
        # a newer version follows
        FlowState.PUBLISHED: frozenset({FlowState.PUBLISHED, FlowState.RETIRED}),
        FlowState.RETIRED: frozenset({FlowState.DRAFT, FlowState.PUBLISHED}),
    }
)


class FilledState(models.TextChoices):
    """Who may go on filling in: the person who began, nobody any more, or the steps of a run."""

    DRAFT = "draft", "填写中"
    SENT = "sent", "已提交"
    KEPT = "kept", "办理中"


FILLED_TRANSITIONS = Transitions(
    {
        FilledState.DRAFT: frozenset({FilledState.SENT, FilledState.KEPT}),
        # a run takes over what was sent
        FilledState.SENT: frozenset({FilledState.KEPT}),
        # the run has ended
        FilledState.KEPT: frozenset({FilledState.SENT}),
    }
)
