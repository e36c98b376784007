# The bucket of files, of which nothing is public but what is signed for. The audit's bucket is made by hand: what makes it
# impossible to remove anything there (WORM) the provider cannot set.

terraform {
  required_version = ">= 1.7"
  required_providers {
    huaweicloud = {
      source  = "huaweicloud/huaweicloud"
      version = ">= 1.97"
    }
  }
}

variable "bucket" {
  type        = string
  description = "Name of the bucket of files, S3_BUCKET; the audit's has the same with -audit."
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{2,50}[a-z0-9]$", var.bucket))
    error_message = "bucket must be 4 to 52 letters, digits and hyphens, in lower case."
  }
}

variable "site" {
  type        = string
  description = "Pages of which host, and of names below it, may show files: BASE_DOMAIN."
}

variable "audit_days" {
  type        = number
  default     = 3650
  description = "How long nobody can remove what the audit was told, in days. It cannot be shortened later."
  validation {
    condition     = var.audit_days >= 180
    error_message = "audit_days must be 180 or more: the Cybersecurity Law (article 21) asks for six months of logs."
  }
}

locals {
  audit = "${var.bucket}-audit"
}

resource "huaweicloud_kms_key" "files" {
  key_alias         = "${var.bucket}-files"
  key_algorithm     = "SM4"
  key_description   = "Files of ${var.bucket}"
  rotation_enabled  = true
  rotation_interval = 365
  pending_days      = "30"
}

resource "huaweicloud_obs_bucket" "files" {
  bucket              = var.bucket
  acl                 = "private"
  multi_az            = true
  versioning          = true
  encryption          = true
  sse_algorithm       = "kms"
  kms_key_id          = huaweicloud_kms_key.files.id
  kms_data_encryption = "SM4"
  bucket_key_enabled  = "true"

  cors_rule {
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = ["https://${var.site}", "https://*.${var.site}"]
  }
}

# Keys would lie in the state: who administers the cloud gives the application's key this policy and puts it into the
# Secret himself.
resource "huaweicloud_identity_role" "application" {
  name        = "${var.bucket}-application"
  description = "What the application may do in the buckets of ${var.bucket}"
  type        = "AX"
  policy = jsonencode({
    Version = "1.1"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["obs:bucket:ListBucket", "obs:bucket:HeadBucket"]
        Resource = ["OBS:*:*:bucket:${huaweicloud_obs_bucket.files.bucket}", "OBS:*:*:bucket:${local.audit}"]
      },
      {
        Effect   = "Allow"
        Action   = ["obs:object:GetObject", "obs:object:PutObject", "obs:object:DeleteObject"]
        Resource = ["OBS:*:*:object:${huaweicloud_obs_bucket.files.bucket}/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["obs:object:GetObject", "obs:object:PutObject", "obs:bucket:ListBucketVersions"]
        Resource = ["OBS:*:*:object:${local.audit}/*", "OBS:*:*:bucket:${local.audit}"]
      },
    ]
  })
}

output "buckets" {
  description = "Names of the buckets: S3_BUCKET and AUDIT_BUCKET."
  value       = { files = huaweicloud_obs_bucket.files.bucket, audit = local.audit }
}

output "application_policy" {
  description = "What the application's key may do."
  value       = huaweicloud_identity_role.application.name
}

output "to_be_made" {
  description = "The audit's bucket, and for how many days WORM is set when it is made."
  value       = { bucket = local.audit, worm_days = var.audit_days }
}
