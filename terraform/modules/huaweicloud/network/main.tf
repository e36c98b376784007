# A network of three zones: nodes and data have private addresses alone, and only nodes find a way out.

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
  description = "What everything of this province is called, such as yizhan-hubei."
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 letters, digits and hyphens, in lower case, such as yizhan-hubei."
  }
}

variable "cidr" {
  type        = string
  default     = "10.64.0.0/16"
  description = "Addresses of the network, with room for nine parts of a sixteenth each."
  validation {
    condition     = can(cidrhost(var.cidr, 0)) && tonumber(split("/", var.cidr)[1]) <= 20
    error_message = "cidr must be a network of /20 or larger, such as 10.64.0.0/16."
  }
}

variable "zones" {
  type        = list(string)
  description = "Names of the zones. One that fails takes a third of the pods along, and no rows."
  validation {
    condition     = length(var.zones) == 3 && length(distinct(var.zones)) == 3
    error_message = "zones must be three different ones."
  }
}

variable "name_servers" {
  type        = list(string)
  default     = ["100.125.1.250", "100.125.129.250"]
  description = "The cloud's own name servers, here those of cn-north-4: nodes are not installed without."
  validation {
    condition     = length(var.name_servers) == 2 && alltrue([for one in var.name_servers : can(cidrhost("${one}/32", 0))])
    error_message = "name_servers must be two addresses."
  }
}

variable "way_out" {
  type        = number
  default     = 100
  description = "How much may go out at once, in Mbit/s: to gateways of messages, connectors, registries."
  validation {
    condition     = var.way_out >= 1 && var.way_out <= 300
    error_message = "way_out must lie between 1 and 300."
  }
}

locals {
  parts = { for place, zone in var.zones : zone => place }
}

resource "huaweicloud_vpc" "this" {
  name = var.name
  cidr = var.cidr
}

resource "huaweicloud_vpc_subnet" "nodes" {
  for_each          = local.parts
  name              = "${var.name}-nodes-${each.key}"
  vpc_id            = huaweicloud_vpc.this.id
  availability_zone = each.key
  cidr              = cidrsubnet(var.cidr, 4, each.value)
  gateway_ip        = cidrhost(cidrsubnet(var.cidr, 4, each.value), 1)
  primary_dns       = var.name_servers[0]
  secondary_dns     = var.name_servers[1]
}

resource "huaweicloud_vpc_subnet" "data" {
  for_each          = local.parts
  name              = "${var.name}-data-${each.key}"
  vpc_id            = huaweicloud_vpc.this.id
  availability_zone = each.key
  cidr              = cidrsubnet(var.cidr, 4, each.value + 4)
  gateway_ip        = cidrhost(cidrsubnet(var.cidr, 4, each.value + 4), 1)
}

resource "huaweicloud_vpc_eip" "out" {
  name = "${var.name}-out"
  publicip {
    type = "5_bgp"
  }
  bandwidth {
    share_type  = "PER"
    name        = "${var.name}-out"
    size        = var.way_out
    charge_mode = "traffic"
  }
}

resource "huaweicloud_nat_gateway" "out" {
  name      = "${var.name}-out"
  spec      = "1"
  vpc_id    = huaweicloud_vpc.this.id
  subnet_id = huaweicloud_vpc_subnet.nodes[var.zones[0]].id
}

# data has no route out at all
resource "huaweicloud_nat_snat_rule" "nodes" {
  for_each       = local.parts
  nat_gateway_id = huaweicloud_nat_gateway.out.id
  floating_ip_id = huaweicloud_vpc_eip.out.id
  subnet_id      = huaweicloud_vpc_subnet.nodes[each.key].id
}

output "network_id" {
  description = "The network."
  value       = huaweicloud_vpc.this.id
}

output "node_subnets" {
  description = "Where nodes stand, a subnet a zone."
  value       = [for zone in var.zones : huaweicloud_vpc_subnet.nodes[zone].id]
}

output "node_cidrs" {
  description = "Addresses of nodes: for network policies and PROXY_ADDRESSES."
  value       = [for zone in var.zones : huaweicloud_vpc_subnet.nodes[zone].cidr]
}

output "data_subnets" {
  description = "Where the database stands, a subnet a zone."
  value       = [for zone in var.zones : huaweicloud_vpc_subnet.data[zone].id]
}

output "data_cidrs" {
  description = "Addresses of the database: for network policies."
  value       = [for zone in var.zones : huaweicloud_vpc_subnet.data[zone].cidr]
}
