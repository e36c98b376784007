mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws-cn" }
  }
}

variables {
  name    = "yizhan-hubei"
  subnets = ["s-1", "s-2", "s-3"]
}

run "an_old_version" {
  command = plan
  variables {
    kubernetes_version = "1.28"
  }
  expect_failures = [var.kubernetes_version]
}

run "open_to_the_world" {
  command = plan
  variables {
    administrators_from = ["0.0.0.0/0"]
  }
  expect_failures = [var.administrators_from]
}

run "two_nodes" {
  command = plan
  variables {
    nodes = { least = 2, most = 4 }
  }
  expect_failures = [var.nodes]
}
