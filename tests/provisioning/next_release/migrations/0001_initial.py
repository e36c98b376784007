from importlib import import_module

Migration = import_module("tenants.portal.migrations.0001_initial").Migration
