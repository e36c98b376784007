# PostgreSQL in two zones, encrypted, with backups; the administrator's password lies in the cloud's own store of secrets
# and in no state.

terraform {
  required_version = ">= 1.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60"
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

variable "machine" {
  type        = string
  default     = "db.r6g.xlarge"
  description = "Kind of machine."
}

variable "gigabytes" {
  type        = number
  default     = 200
  description = "Disk at the beginning; it grows to five times as much. 3,000 empty halls take 7 GB."
  validation {
    condition     = var.gigabytes >= 100
    error_message = "gigabytes must be 100 or more: smaller disks are slow."
  }
}

variable "backup_days" {
  type        = number
  default     = 30
  description = "How long backups are kept, by which the database goes back to any minute."
  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35
    error_message = "backup_days must lie between 7 and 35."
  }
}

locals {
  major = split(".", var.server_version)[0]
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_security_group" "this" {
  name   = "${var.name}-database"
  vpc_id = var.network_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.open_to
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "this" {
  name   = "${var.name}-${local.major}"
  family = "postgres${local.major}"

  # as helm/yizhan-database has them
  dynamic "parameter" {
    for_each = { max_connections = "500", max_locks_per_transaction = "1024", "rds.force_ssl" = "1" }
    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "pending-reboot"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_kms_key" "this" {
  description             = "Database of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = var.server_version
  instance_class = var.machine

  username                    = "administrator"
  manage_master_user_password = true

  allocated_storage     = var.gigabytes
  max_allocated_storage = var.gigabytes * 5
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.this.arn

  multi_az               = true
  publicly_accessible    = false
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period    = var.backup_days
  backup_window              = "18:00-19:00" # 2 to 3 at night in Beijing
  maintenance_window         = "sat:19:00-sat:20:00"
  auto_minor_version_upgrade = true
  deletion_protection        = true
  skip_final_snapshot        = false
  final_snapshot_identifier  = "${var.name}-last"
  copy_tags_to_snapshot      = true
}

output "host" {
  description = "Where the database answers, at port 5432."
  value       = aws_db_instance.this.address
}

output "administrator" {
  description = "How to be the administrator, who makes the two roles (docs/guides/operator.md): the name of the secret with the password."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}
