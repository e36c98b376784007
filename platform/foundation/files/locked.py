"""A bucket of the object store in which nothing can be changed or removed before its time, with any key: what is put
there again under the same name lies beside what was there.

The store keeps what is in it by S3's object lock in the mode COMPLIANCE, which the store's administrator cannot lift.
"""

from io import BytesIO
from typing import Final

from foundation.files.clients import client_of_store, speaking

LOCKED_DAYS: Final = 3_650
_MODE: Final = "COMPLIANCE"
_PROBE: Final = "probe"


def make_locked_bucket(bucket: str) -> None:
    """The bucket is there afterwards; by who may make buckets. Raises Unavailable, also where the store knows no lock
    or has the bucket without one: a lock is only given to a new bucket."""
    from minio.error import S3Error  # noqa: PLC0415 - loaded by those alone who speak to the store
    from minio.objectlockconfig import DAYS, ObjectLockConfig  # noqa: PLC0415 - likewise

    with speaking():
        try:
            client_of_store().make_bucket(bucket, object_lock=True)
        except S3Error as error:
            if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise
        client_of_store().set_object_lock_config(bucket, ObjectLockConfig(_MODE, LOCKED_DAYS, DAYS))


def put_locked(bucket: str, key: str, content: bytes) -> None:
    """Raises NotFound where there is no such bucket, Unavailable."""
    with speaking():
        client_of_store().put_object(bucket, key, BytesIO(content), len(content), content_type="application/json")


def names_in(bucket: str, prefix: str) -> set[str]:
    """Every name below it that anything ever had, also what seems to be removed. Raises NotFound where there is no such
    bucket, Unavailable."""
    with speaking():
        found = client_of_store().list_objects(bucket, prefix=prefix, recursive=True, include_version=True)
        return {str(one.object_name) for one in found if not one.is_delete_marker}


def keeps_its_lock(bucket: str) -> bool:
    """Whether the store refuses to remove something from the bucket, tried out on an object that is there for that, and
    says that it is locked. Raises NotFound where there is no such bucket, Unavailable."""
    from minio.error import S3Error  # noqa: PLC0415 - see above

    client = client_of_store()
    with speaking():
        if _PROBE not in {str(one.object_name) for one in client.list_objects(bucket, prefix=_PROBE)}:
            client.put_object(bucket, _PROBE, BytesIO(b"{}"), 2, content_type="application/json")
        probe = client.stat_object(bucket, _PROBE)
        if not probe.version_id or (probe.metadata or {}).get("x-amz-object-lock-mode") != _MODE:
            return False
        try:
            client.remove_object(bucket, _PROBE, version_id=probe.version_id)
        except S3Error as error:
            return error.code in {"AccessDenied", "ObjectLocked", "InvalidRequest", "MethodNotAllowed"}
        return False
