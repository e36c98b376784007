mock_provider "aws" {}

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

run "a_network_too_small" {
  command = plan
  variables {
    cidr = "10.0.0.0/24"
  }
  expect_failures = [var.cidr]
}
