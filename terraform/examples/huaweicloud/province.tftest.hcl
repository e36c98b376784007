# The provider's own schemas, and nobody's cloud: what it would answer is made up.
mock_provider "huaweicloud" {
  mock_data "huaweicloud_vpc_subnet" {
    defaults = { vpc_id = "vpc-1", availability_zone = "cn-north-4a" }
  }
  mock_resource "huaweicloud_rds_instance" {
    defaults = { private_ips = ["10.64.64.7"] }
  }
}

variables {
  province      = { code = "42", name = "湖北省", domain = "zwfw.example.gov.cn", zone_id = "Z1", contact = "it@example.gov.cn" }
  entrance      = { host = "lb.example.cn", address = "203.0.113.7" }
  key_pair      = "administrators"
  hall_domains  = { "www.a.gov.cn" = "Z2", "www.b.gov.cn" = "" }
  broker_cidrs  = ["10.70.0.0/24"]
  store_cidrs   = ["10.71.0.0/24"]
  monitor_cidrs = ["10.64.9.0/24"]
  image         = { repository = "registry.example.gov.cn/yizhan", digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000" }
}

run "a_province" {
  command = plan

  assert {
    condition     = module.dns.hall_domains == tolist(["www.a.gov.cn", "www.b.gov.cn"])
    error_message = "every domain of a hall's own goes into the chart's values"
  }
  assert {
    condition     = module.dns.to_be_set_elsewhere == { "www.b.gov.cn" = "lb.example.cn" }
    error_message = "a domain whose zone is in other hands is said"
  }
}

run "what_is_made" {
  command = plan

  assert {
    condition     = module.database.administrator != "" && module.object_store.to_be_made == { bucket = "yizhan-hubei-audit", worm_days = 3650 }
    error_message = "what people make by hand is said"
  }
  assert {
    condition     = strcontains(module.certificates.issuers, "solverName\": \"huaweicloud")
    error_message = "the wildcard is asked for by the cloud's webhook"
  }
  assert {
    condition     = strcontains(module.release.values, "172.16.0.0/16")
    error_message = "the Ingress controller's pods are believed what they say of readers"
  }
}

run "a_region_abroad" {
  command = plan
  variables {
    region = "ap-southeast-3"
  }
  expect_failures = [var.region]
}
