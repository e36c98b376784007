# Names: the province's domain, everything below it, and halls' own domains whose zones are here.

terraform {
  required_version = ">= 1.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60"
    }
  }
}

variable "domain" {
  type        = string
  description = "The province's: BASE_DOMAIN."
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z0-9-]+$", var.domain))
    error_message = "domain must be a host name such as zwfw.hubei.gov.cn."
  }
}

variable "zone_id" {
  type        = string
  description = "The zone that the province's domain belongs to."
}

variable "entrance" {
  type        = object({ host = string, zone_id = string })
  description = "What the Ingress controller stands behind: its host name, and the zone of the cloud that this belongs to."
}

variable "hall_domains" {
  type        = map(string)
  default     = {}
  description = "Host names of halls' own → the zone that each belongs to; empty where the zone is in other hands."
  validation {
    condition     = alltrue([for name in keys(var.hall_domains) : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z0-9-]+$", name))])
    error_message = "hall_domains must be host names such as www.dangyang.gov.cn."
  }
  validation {
    condition     = alltrue([for name in keys(var.hall_domains) : !can(regex("^[^.]+\\.${replace(var.domain, ".", "\\.")}$", name))])
    error_message = "hall_domains must not stand one label below domain: those names lead here already."
  }
}

locals {
  ours   = { for name, zone in var.hall_domains : name => zone if zone != "" }
  others = [for name, zone in var.hall_domains : name if zone == ""]
}

# at the top of a zone stands no CNAME
resource "aws_route53_record" "province" {
  zone_id = var.zone_id
  name    = var.domain
  type    = "A"
  alias {
    name                   = var.entrance.host
    zone_id                = var.entrance.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "halls" {
  zone_id = var.zone_id
  name    = "*.${var.domain}"
  type    = "CNAME"
  ttl     = 300
  records = [var.entrance.host]
}

resource "aws_route53_record" "own" {
  for_each = local.ours
  zone_id  = each.value
  name     = each.key
  type     = "CNAME"
  ttl      = 300
  records  = [var.entrance.host]
}

output "hall_domains" {
  description = "For the chart's values: every domain of a hall's own."
  value       = sort(keys(var.hall_domains))
}

output "to_be_set_elsewhere" {
  description = "Whose zones are in other hands: their people set a CNAME to the entrance."
  value       = { for name in local.others : name => var.entrance.host }
}
