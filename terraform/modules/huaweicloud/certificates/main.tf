# What a key of cert-manager's may do for the wildcard, and its two issuers: for the province by DNS, for halls by HTTP.
# cert-manager knows the cloud's names by a webhook (HuaweiCloudDeveloper/cert-manager-webhook-huawei), installed by hand.

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

variable "zone_id" {
  type        = string
  description = "The zone in which cert-manager answers for the wildcard."
}

variable "region" {
  type        = string
  description = "The cloud's region."
}

variable "webhook" {
  type        = object({ group = string, secret = string })
  default     = { group = "acme.yizhan.local", secret = "huaweicloud-dns" }
  description = "groupName that the webhook was installed with, and the Secret beside cert-manager that holds its key (accessKey, secretKey)."
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
  acme = { server = var.directory, email = var.contact }
}

resource "huaweicloud_identity_role" "this" {
  name        = "${var.name}-cert-manager"
  description = "What cert-manager may do in the zone of ${var.name}"
  type        = "AX"
  policy = jsonencode({
    Version = "1.1"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["dns:zone:list", "dns:zone:get", "dns:recordset:list", "dns:recordset:get"]
        Resource = ["DNS:*:*:zone:*", "DNS:*:*:recordset:*"]
      },
      {
        Effect   = "Allow"
        Action   = ["dns:recordset:create", "dns:recordset:update", "dns:recordset:delete"]
        Resource = ["DNS:*:*:zone:${var.zone_id}", "DNS:*:*:recordset:*"]
      },
    ]
  })
}

output "role" {
  description = "The policy of the key in the webhook's Secret."
  value       = huaweicloud_identity_role.this.name
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
        solvers = [{ dns01 = { webhook = {
          groupName  = var.webhook.group
          solverName = "huaweicloud"
          config = {
            regionId     = var.region
            accessKeyRef = { name = var.webhook.secret, key = "accessKey" }
            secretKeyRef = { name = var.webhook.secret, key = "secretKey" }
          }
        } } }]
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
