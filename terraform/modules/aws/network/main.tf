# A network of three zones: nodes and data have private addresses alone, what readers come to has public ones.

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

locals {
  parts = { for place, zone in var.zones : zone => place }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_subnet" "nodes" {
  for_each          = local.parts
  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, each.value)
  tags              = { Name = "${var.name}-nodes-${each.key}", "kubernetes.io/role/internal-elb" = "1" }
}

resource "aws_subnet" "data" {
  for_each          = local.parts
  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, each.value + 4)
  tags              = { Name = "${var.name}-data-${each.key}" }
}

resource "aws_subnet" "public" {
  for_each          = local.parts
  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, each.value + 8)
  tags              = { Name = "${var.name}-public-${each.key}", "kubernetes.io/role/elb" = "1" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_eip" "out" {
  for_each = local.parts
  domain   = "vpc"
}

resource "aws_nat_gateway" "out" {
  for_each      = local.parts
  allocation_id = aws_eip.out[each.key].id
  subnet_id     = aws_subnet.public[each.key].id
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = local.parts
  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public.id
}

# data has no route out at all
resource "aws_route_table" "nodes" {
  for_each = local.parts
  vpc_id   = aws_vpc.this.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.out[each.key].id
  }
}

resource "aws_route_table_association" "nodes" {
  for_each       = local.parts
  subnet_id      = aws_subnet.nodes[each.key].id
  route_table_id = aws_route_table.nodes[each.key].id
}

output "network_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "node_subnets" {
  description = "Where nodes and pods stand, a subnet a zone."
  value       = [for zone in var.zones : aws_subnet.nodes[zone].id]
}

output "node_cidrs" {
  description = "Addresses of nodes and pods: for network policies and PROXY_ADDRESSES."
  value       = [for zone in var.zones : aws_subnet.nodes[zone].cidr_block]
}

output "data_subnets" {
  description = "Where the database stands, a subnet a zone."
  value       = [for zone in var.zones : aws_subnet.data[zone].id]
}

output "data_cidrs" {
  description = "Addresses of the database: for network policies."
  value       = [for zone in var.zones : aws_subnet.data[zone].cidr_block]
}
