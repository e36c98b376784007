"""A hall's templates of documents, the numbers that it gives, and each document that it has issued."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from foundation.digests import DigestField
from foundation.files.models import StoredFile
from foundation.frozen import FrozenFields
from foundation.rows import HallRow
from foundation.sealing.fields import SealedJSONField, SealedRow
from province.registries.states import DocumentState
from tenants.documents.states import VersionOrigin

# what documents of cases say (standards.documents.stated), the most frequent last
_WORDS = (
    '"deductions":"bring_until":"duties":"extension":"duration":"begins_on":"procedure":"review_body":"人民政府",'
    '"court":"人民法院"}"reasons":"reply_until":"contact":"请向受理窗口咨询"}"materials":[{"name":"第 1 项","what":"'
    '{"name":"申请书","form":"电子"},"form":"纸质"}],"limit":"个工作日","due_on":"2026-","accepted_on":"2026-'
    '"basis":"《中华人民共和国行政许可法》第三十二条第一款、","content":"准予行政许可。"{"licence":"证",'
    '"holder":"","holder_number":"1","item":"","case_number":"","content":"","basis":"","validity":'
    '"2026年12月31日至2031年1月1日，长期有效"}{"applicant":"","case_number":"","item":"","received_on":"2026-12-01",'
    '"result":"准予。","finished_on":"2026-","papers":[{"name":"证","number":"〔2026〕号"}],"delivery":"窗口领取"}'
)


class DocumentFile(StoredFile, HallRow):
    """A template that was loaded, or what came with an opinion or the result of a special procedure (casework)."""

    class Meta:
        # kept as hashes, keys of 115 letters cost a fifth
        constraints = (
            ExclusionConstraint(name="one_documents_file_per_key", expressions=[("key", "=")], index_type="hash"),
        )


class NumberSeries(HallRow):
    """The numbers by one rule. Kinds with the same rule share them; a rule that comes back goes on where it was."""

    rule = models.CharField("文号规则", max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rule"], name="one_number_series_per_rule"),)

    def __str__(self) -> str:
        return self.rule


class NumberYear(HallRow):
    """The last number that was given in one year; year 0 where the rule names none. Its row is held by who takes the
    next number until the document is committed: a number that is taken back is the next one's."""

    # the constraint below leads with it
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="years", db_index=False)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["series", "year"], name="one_number_year_per_series"),)

    def __str__(self) -> str:
        return f"{self.series_id} {self.year}: {self.last}"


class DocumentTemplate(HallRow):
    """How the hall issues documents of one kind: which version of its own template is in use (None: the province's, or
    the platform's where there is none), and whose rule the numbers follow (None: the kind's own)."""

    # of the province's template that is in force, where the row was read to issue by it (operations.templates)
    given_sha256: str | None = None

    kind = models.CharField(max_length=40)
    current = models.ForeignKey(
        "TemplateVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind"], name="one_document_template_per_kind"),)

    def __str__(self) -> str:
        return self.kind


class TemplateVersion(HallRow):
    """A template as it was loaded here, or as documents were first issued by one of the province's or the platform's;
    it never changes. ``layout``: what was read of the file (``standards.documents.layout``)."""

    # the constraint below leads with it
    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, related_name="versions", db_index=False)
    # from 1 on, for each kind
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=VersionOrigin)
    layout = models.JSONField()
    # of the layout, in hexadecimal digits
    sha256 = models.CharField(max_length=64)
    # what was uploaded here; None for the province's and the platform's
    file = models.ForeignKey(DocumentFile, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    loaded_by_id = models.UUIDField(null=True)
    loaded_by_name = models.CharField(max_length=40, blank=True)
    # of the province's version that this one is a copy of
    province_number = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["template", "number"], name="one_template_version_per_number"),
            FrozenFields(
                fields=["template", "number", "origin", "layout", "sha256", "file"], name="template_version_stays"
            ),
        )

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"

    @property
    def words(self) -> str:
        """Whose it is, and which: 本厅第 2 版, 省级第 3 版, 平台自带."""
        match self.origin:
            case VersionOrigin.OWN:
                return f"本厅第 {self.number} 版"
            case VersionOrigin.PROVINCE:
                return f"省级第 {self.province_number} 版"
        return VersionOrigin.BUILT_IN.label


class IssuedDocument(SealedRow):
    """A document that was issued. Its files are made from the values right after the commit, and only once."""

    kind = models.CharField(max_length=40)
    # as the kind was called on that day
    title = models.CharField(max_length=60)
    # in whose name: a department, or the hall
    issuer = models.CharField("制发机关", max_length=80)
    number = models.CharField("文号", max_length=60)
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    order = models.PositiveIntegerField()
    # whose it is: a case, an official letter; no key leaves the app
    owner_kind = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    # name of a field → its value; also what the platform gave
    values = SealedJSONField(words=(_WORDS,))
    # found and unique in the province's register (``registries.DocumentEntry``)
    code = models.CharField(max_length=16)
    state = models.CharField("状态", max_length=9, choices=DocumentState, default=DocumentState.ISSUED)
    issued_on = models.DateField()
    # its last day; None: without an end
    valid_until = models.DateField(null=True)
    issued_by_id = models.UUIDField(null=True)
    issued_by_name = models.CharField(max_length=40)
    # of both files once they are made: where they lie and what they are called follows (queries.documents)
    pdf_sha256 = DigestField(null=True)
    word_sha256 = DigestField(null=True)
    ended_on = models.DateField(null=True)
    ended_by_name = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    # the one that took its place
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="one_issued_document_per_number", expressions=[("number", "=")], index_type="hash"
            ),
            models.UniqueConstraint(fields=["series", "year", "order"], name="one_issued_document_per_order"),
            FrozenFields(
                fields=[
                    *(
                        "kind",
                        "title",
                        "issuer",
                        "number",
                        "series",
                        "year",
                        "order",
                        "owner_kind",
                        "owner_id",
                        "version",
                    ),
                    *("values", "code", "issued_on", "valid_until", "issued_by_id", "issued_by_name"),
                ],
                name="issued_document_stays",
            ),
        )
        indexes = (
            models.Index(fields=["owner_kind", "owner_id"], name="documents_of_owner"),
            models.Index(fields=["kind", "-id"], name="documents_of_kind"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def is_made(self) -> bool:
        return self.pdf_sha256 is not None
