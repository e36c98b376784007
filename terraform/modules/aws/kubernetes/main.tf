# A managed cluster whose secrets are encrypted at rest, and its nodes.

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

variable "administrators_from" {
  type        = list(string)
  default     = []
  description = "Networks from which the API may be reached from outside; empty: from inside alone."
  validation {
    condition     = !contains(var.administrators_from, "0.0.0.0/0")
    error_message = "administrators_from must not be the whole world."
  }
}

variable "node_type" {
  type        = string
  default     = "m6i.xlarge"
  description = "Kind of machine of the nodes."
}

variable "nodes" {
  type        = object({ least = number, most = number })
  default     = { least = 3, most = 9 }
  description = "How many nodes there are at least and at most."
  validation {
    condition     = var.nodes.least >= 3 && var.nodes.most >= var.nodes.least
    error_message = "nodes must be three or more, one a zone, and most not fewer than least."
  }
}

data "aws_partition" "this" {}

locals {
  may_assume = {
    cluster = "eks.amazonaws.com"
    nodes   = "ec2.amazonaws.com"
  }
  policies = {
    AmazonEKSClusterPolicy             = "cluster"
    AmazonEKSWorkerNodePolicy          = "nodes"
    AmazonEKS_CNI_Policy               = "nodes"
    AmazonEC2ContainerRegistryReadOnly = "nodes"
  }
}

resource "aws_kms_key" "secrets" {
  description             = "Secrets of the cluster ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_iam_role" "this" {
  for_each = local.may_assume
  name     = "${var.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = each.value } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = local.policies
  role       = aws_iam_role.this[each.value].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/${each.key}"
}

resource "aws_eks_cluster" "this" {
  name     = var.name
  version  = var.kubernetes_version
  role_arn = aws_iam_role.this["cluster"].arn

  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
    endpoint_public_access  = length(var.administrators_from) > 0
    public_access_cidrs     = length(var.administrators_from) > 0 ? var.administrators_from : null
  }

  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.secrets.arn
    }
  }

  enabled_cluster_log_types = ["api", "audit", "authenticator"]
  depends_on                = [aws_iam_role_policy_attachment.this]
}

resource "aws_eks_node_group" "this" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "${var.name}-nodes"
  node_role_arn   = aws_iam_role.this["nodes"].arn
  subnet_ids      = var.subnets
  instance_types  = [var.node_type]

  scaling_config {
    min_size     = var.nodes.least
    max_size     = var.nodes.most
    desired_size = var.nodes.least
  }

  lifecycle {
    # the cluster's autoscaler has its own mind
    ignore_changes = [scaling_config[0].desired_size]
  }
  depends_on = [aws_iam_role_policy_attachment.this]
}

resource "aws_iam_openid_connect_provider" "pods" {
  url            = aws_eks_cluster.this.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}

output "name" {
  description = "The cluster's name, for whoever asks for its kubeconfig."
  value       = aws_eks_cluster.this.name
}

output "security_group" {
  description = "What nodes and pods belong to: the database lets it in."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "pod_identity" {
  description = "By what pods take roles of the cloud: the provider and its issuer."
  value       = { arn = aws_iam_openid_connect_provider.pods.arn, issuer = aws_iam_openid_connect_provider.pods.url }
}
