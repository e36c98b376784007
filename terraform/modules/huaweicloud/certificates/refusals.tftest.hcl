mock_provider "huaweicloud" {}

variables {
  name    = "yizhan-hubei"
  zone_id = "Z1"
  region  = "cn-north-4"
  contact = "it@example.gov.cn"
}

run "no_mail_address" {
  command = plan
  variables {
    contact = "nobody"
  }
  expect_failures = [var.contact]
}

run "plain_http" {
  command = plan
  variables {
    directory = "http://acme.example.cn"
  }
  expect_failures = [var.directory]
}
