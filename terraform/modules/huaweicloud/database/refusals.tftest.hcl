mock_provider "huaweicloud" {}

variables {
  name       = "yizhan-hubei"
  network_id = "vpc-1"
  subnets    = ["s-1", "s-2", "s-3"]
  open_to    = "sg-1"
  zones      = ["a", "b"]
}

run "an_old_server" {
  command = plan
  variables {
    server_version = "17.2"
  }
  expect_failures = [var.server_version]
}

run "one_zone" {
  command = plan
  variables {
    zones = ["a"]
  }
  expect_failures = [var.zones]
}

run "one_server" {
  command = plan
  variables {
    machine = "rds.pg.x1.xlarge.4"
  }
  expect_failures = [var.machine]
}

run "a_small_disk" {
  command = plan
  variables {
    gigabytes = 20
  }
  expect_failures = [var.gigabytes]
}

run "no_backups" {
  command = plan
  variables {
    backup_days = 0
  }
  expect_failures = [var.backup_days]
}
