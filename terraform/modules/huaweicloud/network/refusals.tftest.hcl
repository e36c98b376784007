mock_provider "huaweicloud" {}

variables {
  name  = "yizhan-hubei"
  zones = ["a", "b", "c"]
}

run "two_zones" {
  command = plan
  variables {
    zones = ["a", "b"]
  }
  expect_failures = [var.zones]
}

run "one_zone_thrice" {
  command = plan
  variables {
    zones = ["a", "a", "a"]
  }
  expect_failures = [var.zones]
}

run "a_name_with_a_blank" {
  command = plan
  variables {
    name = "Hu bei"
  }
  expect_failures = [var.name]
}

run "a_small_network" {
  command = plan
  variables {
    cidr = "10.64.0.0/24"
  }
  expect_failures = [var.cidr]
}

run "one_name_server" {
  command = plan
  variables {
    name_servers = ["100.125.1.250"]
  }
  expect_failures = [var.name_servers]
}

run "no_way_out" {
  command = plan
  variables {
    way_out = 0
  }
  expect_failures = [var.way_out]
}
