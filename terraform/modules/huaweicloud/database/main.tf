# PostgreSQL in two zones, encrypted, with backups. Nobody's password is set: the administrator sets it in the cloud's
# console, and it lies in no state.

terraform {
  required_version = ">= 1.7"
  required_providers {
    huaweicloud = {
      source  = "huaweicloud/huaweicloud"
      version = ">= 1.97"
    }
  }
}

variable "name" {
  type        = string
  description = "What everything of this province is called."
}

variable "network_id" {
  type        = string
  description = "The network."
}

variable "subnets" {
  type        = list(string)
  description = "Where the database stands, a subnet a zone."
}

variable "open_to" {
  type        = string
  description = "The security group that may connect: the cluster's."
}

variable "server_version" {
  type        = string
  default     = "18"
  description = "PostgreSQL's version, 18 or newer."
  validation {
    condition     = try(tonumber(split(".", var.server_version)[0]) >= 18, false)
    error_message = "server_version must be 18 or newer."
  }
}

variable "zones" {
  type        = list(string)
  description = "The zones of the first and of the second server."
  validation {
    condition     = length(var.zones) == 2 && length(distinct(var.zones)) == 2
    error_message = "zones must be two different ones."
  }
}

variable "machine" {
  type        = string
  default     = "rds.pg.x1.xlarge.4.ha"
  description = "Kind of machine; with .ha at its end there are two."
  validation {
    condition     = endswith(var.machine, ".ha")
    error_message = "machine must end in .ha: one server alone is away when its zone is."
  }
}

variable "gigabytes" {
  type        = number
  default     = 200
  description = "Disk at the beginning; it grows to five times as much. 3,000 empty halls take 7 GB."
  validation {
    condition     = var.gigabytes >= 100 && var.gigabytes <= 800 && var.gigabytes % 10 == 0
    error_message = "gigabytes must lie between 100 and 800, in tens."
  }
}

variable "backup_days" {
  type        = number
  default     = 30
  description = "How long backups are kept, by which the database goes back to any minute."
  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 732
    error_message = "backup_days must lie between 7 and 732."
  }
}

locals {
  major = split(".", var.server_version)[0]
}

resource "huaweicloud_networking_secgroup" "this" {
  name                 = "${var.name}-database"
  delete_default_rules = true
}

resource "huaweicloud_networking_secgroup_rule" "this" {
  security_group_id = huaweicloud_networking_secgroup.this.id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  port_range_min    = 5432
  port_range_max    = 5432
  remote_group_id   = var.open_to
}

resource "huaweicloud_rds_parametergroup" "this" {
  name = "${var.name}-${local.major}"
  # as helm/yizhan-database has them
  values = { max_connections = "500", max_locks_per_transaction = "1024" }
  datastore {
    type    = "postgresql"
    version = local.major
  }
}

resource "huaweicloud_kms_key" "this" {
  key_alias         = "${var.name}-database"
  key_description   = "Database of ${var.name}"
  rotation_enabled  = true
  rotation_interval = 365
  pending_days      = "30"
}

resource "huaweicloud_rds_instance" "this" {
  name                = var.name
  flavor              = var.machine
  ha_replication_mode = "sync"
  switch_strategy     = "reliability"
  availability_zone   = var.zones
  vpc_id              = var.network_id
  subnet_id           = var.subnets[0]
  security_group_id   = huaweicloud_networking_secgroup.this.id
  param_group_id      = huaweicloud_rds_parametergroup.this.id
  ssl_enable          = true

  db {
    type    = "PostgreSQL"
    version = local.major
    port    = 5432
  }

  volume {
    type               = "CLOUDSSD"
    size               = var.gigabytes
    limit_size         = var.gigabytes * 5
    trigger_threshold  = 15
    disk_encryption_id = huaweicloud_kms_key.this.id
  }

  backup_strategy {
    start_time = "18:00-19:00" # 2 to 3 at night in Beijing
    keep_days  = var.backup_days
  }

  minor_version_auto_upgrade_enabled = true
  delete_backup_selection            = "true" # backups stay when it is removed

  lifecycle {
    prevent_destroy = true
  }
}

output "host" {
  description = "Where the database answers, at port 5432."
  value       = huaweicloud_rds_instance.this.private_ips[0]
}

output "administrator" {
  description = "How to be the administrator, who makes the two roles (docs/guides/operator.md)."
  value       = "root of the instance ${huaweicloud_rds_instance.this.id}: reset it in the cloud's console"
}
