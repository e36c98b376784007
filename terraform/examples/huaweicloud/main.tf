# A province on Huawei Cloud, from nothing to the release. First the cloud, then two Secrets and the audit's bucket by hand, then
# the release (README.md).

terraform {
  required_version = ">= 1.7"
  required_providers {
    huaweicloud = {
      source  = "huaweicloud/huaweicloud"
      version = ">= 1.97"
    }
  }
}

variable "region" {
  type        = string
  default     = "cn-north-4"
  description = "The cloud's region: data of citizens stays in the country."
  validation {
    condition     = startswith(var.region, "cn-")
    error_message = "region must be one in China: personal data of government services stays in the country (Personal Information Protection Law, article 36)."
  }
}

variable "name" {
  type        = string
  default     = "yizhan-hubei"
  description = "What everything of this province is called."
}

variable "province" {
  type        = object({ code = string, name = string, domain = string, zone_id = string, contact = string })
  description = "Two digits, the name, the domain, its zone, and who is told before a certificate ends."
}

variable "hall_domains" {
  type        = map(string)
  default     = {}
  description = "Host names of halls' own → their zones; empty where those are in other hands."
}

variable "entrance" {
  type        = object({ host = string, address = string })
  description = "What the Ingress controller stands behind: a host name, and its public address."
}

variable "key_pair" {
  type        = string
  description = "Name of the pair of keys by which administrators reach nodes, made by hand."
}

variable "broker_cidrs" {
  type        = list(string)
  description = "Networks in which Valkey is."
}

variable "store_cidrs" {
  type        = list(string)
  description = "Networks in which the store answers."
}

variable "monitor_cidrs" {
  type        = list(string)
  description = "Networks of Prometheus's pods, and of nobody else's."
}

variable "image" {
  type        = object({ repository = string, digest = string })
  description = "Where the image was pushed to, and its digest."
}

variable "size" {
  type        = string
  default     = "middle"
  description = "small, middle or large."
}

provider "huaweicloud" {
  region = var.region
}

module "network" {
  source = "../../modules/huaweicloud/network"
  name   = var.name
  zones  = [for letter in ["a", "b", "c"] : "${var.region}${letter}"]
}

module "kubernetes" {
  source   = "../../modules/huaweicloud/kubernetes"
  name     = var.name
  subnets  = module.network.node_subnets
  key_pair = var.key_pair
}

module "database" {
  source     = "../../modules/huaweicloud/database"
  name       = var.name
  network_id = module.network.network_id
  subnets    = module.network.data_subnets
  open_to    = module.kubernetes.security_group
  zones      = [for letter in ["a", "b"] : "${var.region}${letter}"]
}

module "object_store" {
  source = "../../modules/huaweicloud/object-store"
  bucket = var.name
  site   = var.province.domain
}

module "dns" {
  source       = "../../modules/huaweicloud/dns"
  domain       = var.province.domain
  zone_id      = var.province.zone_id
  entrance     = var.entrance
  hall_domains = var.hall_domains
}

module "certificates" {
  source  = "../../modules/huaweicloud/certificates"
  name    = var.name
  region  = var.region
  zone_id = var.province.zone_id
  contact = var.province.contact
}

module "release" {
  source = "../../modules/release"
  size   = var.size
  image  = var.image
  settings = {
    BASE_DOMAIN       = var.province.domain
    PROVINCE_CODE     = var.province.code
    PROVINCE_NAME     = var.province.name
    S3_ENDPOINT       = "https://obs.${var.region}.myhuaweicloud.com"
    S3_REGION         = var.region
    S3_BUCKET         = module.object_store.buckets.files
    AUDIT_BUCKET      = module.object_store.buckets.audit
    PROXY_ADDRESSES   = join(" ", concat(module.network.node_cidrs, [module.kubernetes.pod_cidr]))
    MONITOR_ADDRESSES = join(" ", var.monitor_cidrs)
  }
  hall_domains = module.dns.hall_domains
  peers = {
    database = module.network.data_cidrs
    broker   = var.broker_cidrs
    store    = var.store_cidrs
  }
}

output "by_hand" {
  description = "What people do between the cloud and the release."
  value = {
    database            = module.database.host
    administrator       = module.database.administrator
    application_policy  = module.object_store.application_policy
    cert_manager_role   = module.certificates.role
    to_be_set_elsewhere = module.dns.to_be_set_elsewhere
    to_be_made          = module.object_store.to_be_made
  }
}

output "issuers" {
  description = "For kubectl apply."
  value       = module.certificates.issuers
}
