mock_provider "aws" {}

variables {
  name         = "yizhan-hubei"
  zone_id      = "Z1"
  region       = "cn-northwest-1"
  pod_identity = { arn = "arn:aws-cn:iam::123456789012:oidc-provider/one", issuer = "https://oidc.example.cn/id/1" }
  contact      = "it@example.gov.cn"
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
