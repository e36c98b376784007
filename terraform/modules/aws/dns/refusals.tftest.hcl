mock_provider "aws" {}

variables {
  domain   = "zwfw.example.gov.cn"
  zone_id  = "Z1"
  entrance = { host = "lb.example.cn", zone_id = "Z9" }
}

run "no_host_name" {
  command = plan
  variables {
    domain = "https://x.cn"
  }
  expect_failures = [var.domain]
}

run "a_hall_below_the_province" {
  command = plan
  variables {
    hall_domains = { "a.zwfw.example.gov.cn" = "" }
  }
  expect_failures = [var.hall_domains]
}

run "an_address_in_place_of_a_name" {
  command = plan
  variables {
    hall_domains = { "www.a.cn/" = "" }
  }
  expect_failures = [var.hall_domains]
}
