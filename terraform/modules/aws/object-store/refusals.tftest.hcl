mock_provider "aws" {}

variables {
  bucket = "yizhan-hubei"
  site   = "zwfw.example.gov.cn"
}

run "a_month_of_audit" {
  command = plan
  variables {
    audit_days = 30
  }
  expect_failures = [var.audit_days]
}

run "a_bucket_with_capitals" {
  command = plan
  variables {
    bucket = "Hubei"
  }
  expect_failures = [var.bucket]
}
