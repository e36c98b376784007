from importlib import import_module

Migration = import_module("foundation.idempotency.migrations.0001_initial").Migration
