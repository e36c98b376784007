mock_provider "aws" {}

variables {
  name       = "yizhan-hubei"
  network_id = "vpc-1"
  subnets    = ["s-1", "s-2", "s-3"]
  open_to    = "sg-1"
}

run "an_old_server" {
  command = plan
  variables {
    server_version = "17.2"
  }
  expect_failures = [var.server_version]
}

run "no_backups" {
  command = plan
  variables {
    backup_days = 0
  }
  expect_failures = [var.backup_days]
}

run "a_small_disk" {
  command = plan
  variables {
    gigabytes = 20
  }
  expect_failures = [var.gigabytes]
}
