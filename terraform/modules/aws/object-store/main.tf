# Two buckets: files, of which nothing is public but what is signed for, and the audit's witness, where nothing is removed
# for ten years by anybody.

terraform {
  required_version = ">= 1.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60"
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
  buckets = { files = var.bucket, audit = "${var.bucket}-audit" }
}

resource "aws_s3_bucket" "this" {
  for_each            = local.buckets
  bucket              = each.value
  object_lock_enabled = each.key == "audit"
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = local.buckets
  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets
  bucket   = aws_s3_bucket.this[each.key].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets
  bucket   = aws_s3_bucket.this[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_object_lock_configuration" "audit" {
  bucket = aws_s3_bucket.this["audit"].id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = var.audit_days
    }
  }
  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_cors_configuration" "files" {
  bucket = aws_s3_bucket.this["files"].id
  cors_rule {
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = ["https://${var.site}", "https://*.${var.site}"]
  }
}

# Keys would lie in the state: who administers the cloud gives the application's key this policy and puts it into the
# Secret himself.
resource "aws_iam_policy" "application" {
  name = "${var.bucket}-application"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
        Resource = [aws_s3_bucket.this["files"].arn, "${aws_s3_bucket.this["files"].arn}/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:ListBucketVersions", "s3:GetObjectRetention"]
        Resource = [aws_s3_bucket.this["audit"].arn, "${aws_s3_bucket.this["audit"].arn}/*"]
      },
    ]
  })
}

output "buckets" {
  description = "Names of the buckets: S3_BUCKET and AUDIT_BUCKET."
  value       = { for key, one in aws_s3_bucket.this : key => one.bucket }
}

output "application_policy" {
  description = "What the application's key may do."
  value       = aws_iam_policy.application.arn
}
