variables {
  image    = { repository = "registry.example.gov.cn/yizhan", digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000" }
  settings = { BASE_DOMAIN = "zwfw.example.gov.cn", PROVINCE_CODE = "42", PROVINCE_NAME = "湖北省", S3_ENDPOINT = "https://s3.example.cn", PROXY_ADDRESSES = "10.64.0.0/20", MONITOR_ADDRESSES = "10.64.9.0/24" }
  peers    = { database = ["10.64.64.0/20"], broker = ["10.70.0.0/24"], store = ["10.71.0.0/24"] }
  # what a machine without a cluster can call
  helm = "/bin/true"
}

run "calls_helm" {
  assert {
    condition     = yamldecode(output.values).networkPolicy.to.database.peers[0].ipBlock.cidr == "10.64.64.0/20"
    error_message = "networks become peers of network policies"
  }
}

run "a_tag_in_place_of_a_digest" {
  command = plan
  variables {
    image = { repository = "registry.example.gov.cn/yizhan", digest = "0.1.0" }
  }
  expect_failures = [var.image]
}

run "a_secret_among_the_settings" {
  command = plan
  variables {
    settings = { SECRET_KEY = "x" }
  }
  expect_failures = [var.settings]
}

run "a_size_that_there_is_not" {
  command = plan
  variables {
    size = "huge"
  }
  expect_failures = [var.size]
}

run "a_network_that_is_none" {
  command = plan
  variables {
    peers = { database = ["10.64.64.0"], broker = [], store = [] }
  }
  expect_failures = [var.peers]
}

