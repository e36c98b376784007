# What cert-manager must be allowed for the wildcard, and its two issuers: for the province by DNS, for halls by HTTP.

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

variable "zone_id" {
  type        = string
  description = "The zone in which cert-manager answers for the wildcard."
}

variable "region" {
  type        = string
  description = "The cloud's region."
}

variable "pod_identity" {
  type        = object({ arn = string, issuer = string })
  description = "By what pods take roles of the cloud."
}

variable "directory" {
  type        = string
  default     = "https://acme-v02.api.letsencrypt.org/directory"
  description = "Where certificates are asked for (ACME, RFC 8555)."
  validation {
    condition     = startswith(var.directory, "https://")
    error_message = "directory must be an https address."
  }
}

variable "contact" {
  type        = string
  description = "Who is told before a certificate ends: a mail address."
  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", var.contact))
    error_message = "contact must be a mail address."
  }
}

variable "ingress_class" {
  type        = string
  default     = "nginx"
  description = "Class of the Ingress that answers for halls' own domains."
}

locals {
  issuer = trimprefix(var.pod_identity.issuer, "https://")
  acme   = { server = var.directory, email = var.contact }
}

data "aws_partition" "this" {}

resource "aws_iam_role" "this" {
  name = "${var.name}-cert-manager"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = var.pod_identity.arn }
      Condition = { StringEquals = { "${local.issuer}:sub" = "system:serviceaccount:cert-manager:cert-manager" } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "route53:ChangeResourceRecordSets"
        Resource  = "arn:${data.aws_partition.this.partition}:route53:::hostedzone/${var.zone_id}"
        Condition = { "ForAllValues:StringEquals" = { "route53:ChangeResourceRecordSetsRecordTypes" = ["TXT"] } }
      },
      {
        Effect   = "Allow"
        Action   = "route53:ListResourceRecordSets"
        Resource = "arn:${data.aws_partition.this.partition}:route53:::hostedzone/${var.zone_id}"
      },
      { Effect = "Allow", Action = "route53:GetChange", Resource = "arn:${data.aws_partition.this.partition}:route53:::change/*" },
    ]
  })
}

output "role" {
  description = "What cert-manager's service account is annotated with."
  value       = aws_iam_role.this.arn
}

output "issuers" {
  description = "Two ClusterIssuers as YAML, for kubectl apply: dns and http."
  value = join("\n---\n", [
    yamlencode({
      apiVersion = "cert-manager.io/v1"
      kind       = "ClusterIssuer"
      metadata   = { name = "dns" }
      spec = { acme = merge(local.acme, {
        privateKeySecretRef = { name = "acme-dns" }
        solvers             = [{ dns01 = { route53 = { region = var.region, hostedZoneID = var.zone_id } } }]
      }) }
    }),
    yamlencode({
      apiVersion = "cert-manager.io/v1"
      kind       = "ClusterIssuer"
      metadata   = { name = "http" }
      spec = { acme = merge(local.acme, {
        privateKeySecretRef = { name = "acme-http" }
        solvers             = [{ http01 = { ingress = { ingressClassName = var.ingress_class } } }]
      }) }
    }),
  ])
}
