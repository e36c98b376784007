# The chart with a province's values. It needs no provider: Helm itself is called, which must be on the machine, with the
# cluster in its kubeconfig. The Secrets must be there; nothing of theirs comes by here.

terraform {
  required_version = ">= 1.7"
}

variable "namespace" {
  type        = string
  default     = "yizhan"
  description = "Where the program and its Secrets are."
}

variable "size" {
  type        = string
  default     = "middle"
  description = "How large: small (a county), middle (a prefecture), large (a province)."
  validation {
    condition     = contains(["small", "middle", "large"], var.size)
    error_message = "size must be small, middle or large."
  }
}

variable "image" {
  type        = object({ repository = string, digest = string })
  description = "Where the image was pushed to, and its digest: a tag may mean another image tomorrow."
  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.image.digest))
    error_message = "image.digest must be sha256: and 64 hexadecimal digits."
  }
}

variable "settings" {
  type        = map(string)
  description = "Variables of the program that are no secrets (docs/guides/operator.md)."
  validation {
    condition     = length(setintersection(keys(var.settings), ["SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "PERSONAL_KEYS", "PERSONAL_INDEX_KEY", "S3_ACCESS_KEY", "S3_SECRET_KEY", "AUDIT_KEY", "BACKUP_KEY"])) == 0
    error_message = "settings must hold no secret: it would lie in the state. Put it into the Secret."
  }
}

variable "hall_domains" {
  type        = list(string)
  default     = []
  description = "Domains of halls' own; `yizhan halls domains` lists them."
}

variable "peers" {
  type        = object({ database = list(string), broker = list(string), store = list(string) })
  description = "Networks in which the three are, for network policies."
  validation {
    condition     = alltrue([for cidr in concat(var.peers.database, var.peers.broker, var.peers.store) : can(cidrhost(cidr, 0))])
    error_message = "peers must be networks such as 10.64.64.0/20."
  }
}

variable "helm" {
  type        = string
  default     = "helm"
  description = "The program that is called."
}

locals {
  chart = abspath("${path.module}/../../../helm/yizhan")
  values = {
    image        = var.image
    settings     = var.settings
    hallDomains  = var.hall_domains
    certificates = { province = { kind = "ClusterIssuer", name = "dns" }, halls = { kind = "ClusterIssuer", name = "http" } }
    networkPolicy = { to = {
      for part, cidrs in var.peers : part => { peers = [for cidr in cidrs : { ipBlock = { cidr = cidr } }] }
    } }
  }
  text = yamlencode(local.values)
  # what makes the release another one
  sources = sha256(join("", [for name in sort(fileset(local.chart, "**")) : filesha256("${local.chart}/${name}")]))
}

resource "terraform_data" "release" {
  triggers_replace = [local.text, local.sources, var.size, var.namespace]

  provisioner "local-exec" {
    command     = "\"$HELM\" upgrade --install yizhan \"$CHART\" --namespace \"$NAMESPACE\" -f \"$CHART/values-$SIZE.yaml\" -f - --wait --timeout 60m <<< \"$VALUES\""
    interpreter = ["/bin/bash", "-euo", "pipefail", "-c"]
    environment = {
      HELM      = var.helm
      CHART     = local.chart
      NAMESPACE = var.namespace
      SIZE      = var.size
      VALUES    = local.text
    }
  }
}

output "values" {
  description = "What the chart is told, as YAML; no secret is in it."
  value       = local.text
}
