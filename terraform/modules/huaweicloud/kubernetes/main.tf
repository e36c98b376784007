# A managed cluster whose secrets are encrypted at rest, and its nodes, a pool a zone. The provider writes the cluster's
# administrator's certificate into the state (certificate_users, kube_config_raw): keep the state encrypted, and read by few.

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

variable "kubernetes_version" {
  type        = string
  default     = "1.33"
  description = "The cluster's version. The chart asks for 1.29 or newer."
  validation {
    condition     = can(regex("^1\\.[0-9]+$", var.kubernetes_version)) && tonumber(split(".", var.kubernetes_version)[1]) >= 29
    error_message = "kubernetes_version must be 1.29 or newer, such as 1.33: the chart starts containers before others."
  }
}

variable "subnets" {
  type        = list(string)
  description = "Where nodes stand, a subnet a zone."
}

variable "size" {
  type        = string
  default     = "cce.s2.medium"
  description = "How many nodes its masters bear: cce.s2 has three masters, small up to 50 nodes, medium 200, large 1,000."
  validation {
    condition     = can(regex("^cce\\.s2\\.", var.size))
    error_message = "size must be one of cce.s2: one master alone takes the cluster along."
  }
}

variable "pod_cidr" {
  type        = string
  default     = "172.16.0.0/16"
  description = "Addresses of pods, outside of the network's."
  validation {
    condition     = can(cidrhost(var.pod_cidr, 0)) && try(tonumber(split("/", var.pod_cidr)[1]) <= 18, false)
    error_message = "pod_cidr must be a network of /18 or larger, such as 172.16.0.0/16."
  }
}

variable "key_pair" {
  type        = string
  description = "Name of the pair of keys by which administrators reach nodes, made by hand: a password would lie in the state."
}

variable "node_type" {
  type        = string
  default     = "c7n.xlarge.4"
  description = "Kind of machine of the nodes."
}

variable "nodes" {
  type        = object({ least = number, most = number })
  default     = { least = 3, most = 9 }
  description = "How many nodes there are at least and at most; both are divided among the zones."
  validation {
    condition     = var.nodes.least >= 3 && var.nodes.most >= var.nodes.least
    error_message = "nodes must be three or more, one a zone, and most not fewer than least."
  }
}

locals {
  # known before anything is made, as the subnets' own ids are not
  places = { for place in range(length(var.subnets)) : tostring(place) => var.subnets[place] }
}

data "huaweicloud_vpc_subnet" "nodes" {
  for_each = local.places
  id       = each.value
}

resource "huaweicloud_kms_key" "secrets" {
  key_alias         = "${var.name}-secrets"
  key_algorithm     = "SM4"
  key_description   = "Secrets of the cluster ${var.name}"
  rotation_enabled  = true
  rotation_interval = 365
  pending_days      = "30"
}

resource "huaweicloud_cce_cluster" "this" {
  name            = var.name
  cluster_version = "v${var.kubernetes_version}"
  flavor_id       = var.size
  multi_az        = true
  vpc_id          = data.huaweicloud_vpc_subnet.nodes["0"].vpc_id
  subnet_id       = var.subnets[0]

  # of the three it enforces network policies without more, and knows all that the chart asks for
  container_network_type = "overlay_l2"
  container_network_cidr = var.pod_cidr
  authentication_mode    = "rbac"

  encryption_config {
    mode       = "KMS"
    kms_key_id = huaweicloud_kms_key.secrets.id
  }
}

resource "huaweicloud_cce_node_pool" "this" {
  for_each           = local.places
  cluster_id         = huaweicloud_cce_cluster.this.id
  name               = "${var.name}-nodes-${each.key}"
  os                 = "Huawei Cloud EulerOS 2.0"
  runtime            = "containerd"
  flavor_id          = var.node_type
  key_pair           = var.key_pair
  availability_zone  = data.huaweicloud_vpc_subnet.nodes[each.key].availability_zone
  subnet_id          = each.value
  initial_node_count = ceil(var.nodes.least / length(var.subnets))

  # the cluster's autoscaler has its own mind
  ignore_initial_node_count = true
  scall_enable              = true
  min_node_count            = ceil(var.nodes.least / length(var.subnets))
  max_node_count            = ceil(var.nodes.most / length(var.subnets))
  scale_down_cooldown_time  = 10
  priority                  = 1

  root_volume {
    size       = 50
    volumetype = "SSD"
  }
  data_volumes {
    size       = 100
    volumetype = "SSD"
  }
}

output "name" {
  description = "The cluster's name, for those who ask for its kubeconfig."
  value       = huaweicloud_cce_cluster.this.name
}

output "security_group" {
  description = "What nodes belong to, by whose addresses pods speak outside: the database lets it in."
  value       = huaweicloud_cce_cluster.this.security_group_id
}

output "pod_cidr" {
  description = "Addresses of pods, the Ingress controller's among them: for PROXY_ADDRESSES."
  value       = var.pod_cidr
}
