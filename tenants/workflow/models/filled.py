"""Forms that somebody filled in. What they wrote is sealed: it can neither be read nor searched in the database."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.db import models

from foundation.files.models import StoredFile
from foundation.frozen import FrozenFields
from foundation.pressing import PressedJSONField
from foundation.rows import HallRow
from foundation.sealing.fields import SealedJSONField, SealedRow
from tenants.workflow.models.forms import Form, FormVersion
from tenants.workflow.states import FilledState

LONGEST_LABEL = 100
# what application forms of guides say (standards.forms.blocks), the most frequent last
_WORDS = (
    '"agent_authority":"agent_mobile":"1","agent_number":"","agent_name":"applicant_address":"applicant_credit_code":"91'
    '"applicant_body":"有限公司"body"],"material_1":[{"id":"0{"applicant_nature":"person","applicant_name":"",'
    '"applicant_number":"","applicant_mobile":"1","agent_is_there":false,"promise_agreed":true}'
)

# of these fields, whence (queries.prefill)
_ORIGINS = (
    '"agent_authority":"agent_mobile":"agent_number":"agent_name":"applicant_body":"applicant_credit_code":"'
    '"applicant_address":"applicant_mobile":"applicant_number":"applicant_name":"您的实名信息","'
    '{"agent_is_there":"您上次填的这张表","applicant_nature":"您上次填的这张表"}'
)


class FilledForm(SealedRow):
    """What one person fills in. It belongs to an account of the hall's staff or to a citizen, never to both."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="filled", db_index=False)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField("状态", max_length=5, choices=FilledState, default=FilledState.DRAFT)
    # counts saves: who saves over a newer state is refused
    revision = models.PositiveIntegerField(default=0)
    # name of a field → its value (standards.forms)
    values = SealedJSONField(words=(_WORDS,))
    # name of a field → where its value came from, as long as nobody has overwritten it
    origins = PressedJSONField(default=dict, words=(_ORIGINS,))
    account_id = models.UUIDField(null=True)
    citizen_id = models.UUIDField(null=True)
    # of an account; who a citizen is, the province's own rows say
    owner_name = models.CharField(max_length=40, blank=True)
    # the page at which a citizen stands, or KNOWN or CHECK of queries.reading
    page = models.CharField(max_length=40, blank=True)
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(account_id=None) ^ models.Q(citizen_id=None), name="filled_form_has_one_owner"
            ),
        )
        indexes = (
            models.Index(fields=["form", "-sent_at"], name="workflow_filled_of_form"),
            models.Index(
                fields=["account_id", "-saved_at"],
                condition=models.Q(account_id__isnull=False),
                name="workflow_filled_of_account",
            ),
            models.Index(
                fields=["citizen_id", "-saved_at"],
                condition=models.Q(citizen_id__isnull=False),
                name="workflow_filled_of_citizen",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form_id} {self.state}"


class FilledMoment(SealedRow):
    """What a form said when something was done with it. It never changes: before the form says something else, what it
    said is written to its last moment, once."""

    # the constraint below leads with it
    filled = models.ForeignKey(FilledForm, on_delete=models.CASCADE, related_name="moments", db_index=False)
    # from 1 on, for each filled form
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=LONGEST_LABEL)
    # None: what the next moment says, or, of the last one, the form itself
    values = SealedJSONField(null=True, words=(_WORDS,))
    # names of the fields that differ from the moment before; none of the first
    changed = ArrayField(models.CharField(max_length=40), default=list)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["filled", "number"], name="one_filled_moment_per_number"),
            FrozenFields(
                fields=["filled", "number", "label", "changed", "by_id"], once=["values"], name="filled_moment_stays"
            ),
        )

    def __str__(self) -> str:
        return f"{self.filled_id} {self.number} {self.label}"


class FormUpload(StoredFile, HallRow):
    """A file that was uploaded while a form was filled in. Several forms may have the same file, each its own row."""

    # the constraint below leads with it
    filled = models.ForeignKey(FilledForm, on_delete=models.CASCADE, related_name="uploads", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["filled", "key", "name"], name="one_form_upload_per_file_and_name"),
        )
        # whether a file that a form has let go is some other form's
        indexes = (HashIndex(fields=["key"], name="workflow_upload_of_key"),)


class PartialUpload(HallRow):
    """A file that arrives in pieces. A piece lies in the store before it is counted here; the rest goes on from there,
    also after the connection was lost."""

    # the constraint below leads with it
    filled = models.ForeignKey(FilledForm, on_delete=models.CASCADE, related_name="partial_uploads", db_index=False)
    # the account, or the citizen, that sends it
    sender_id = models.UUIDField()
    name = models.CharField("文件名", max_length=200)
    # in bytes, as the sender says; and how many of them are here
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    # of the pieces that were counted, in bytes: another one from the same place, shorter and late, is none of them
    lengths = ArrayField(models.PositiveIntegerField(), default=list)
    # by which a browser knows the same file again
    mark = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["filled", "sender_id", "name", "size", "mark"], name="one_partial_upload_per_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"
