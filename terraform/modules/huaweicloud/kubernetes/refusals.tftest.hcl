mock_provider "huaweicloud" {
  mock_data "huaweicloud_vpc_subnet" {
    defaults = { vpc_id = "vpc-1", availability_zone = "cn-north-4a" }
  }
}

variables {
  name     = "yizhan-hubei"
  subnets  = ["s-1", "s-2", "s-3"]
  key_pair = "administrators"
}

run "an_old_version" {
  command = plan
  variables {
    kubernetes_version = "1.28"
  }
  expect_failures = [var.kubernetes_version]
}

run "one_master" {
  command = plan
  variables {
    size = "cce.s1.small"
  }
  expect_failures = [var.size]
}

run "few_pods" {
  command = plan
  variables {
    pod_cidr = "172.16.0.0/24"
  }
  expect_failures = [var.pod_cidr]
}

run "two_nodes" {
  command = plan
  variables {
    nodes = { least = 2, most = 4 }
  }
  expect_failures = [var.nodes]
}
