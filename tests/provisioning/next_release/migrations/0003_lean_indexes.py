from importlib import import_module

Migration = import_module("tenants.portal.migrations.0003_lean_indexes").Migration
