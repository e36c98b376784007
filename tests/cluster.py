"""Whether the tests run that build an image or Kubernetes (``make cluster-test``)."""

import os

import pytest

CLUSTER = pytest.mark.skipif(
    os.environ.get("YIZHAN_CLUSTER") != "1", reason="BUILDS AN IMAGE OR KUBERNETES: run by make cluster-test"
)
