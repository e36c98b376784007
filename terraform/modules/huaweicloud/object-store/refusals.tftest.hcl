mock_provider "huaweicloud" {}

variables {
  bucket = "yizhan-hubei"
  site   = "zwfw.example.gov.cn"
}

run "a_bucket_in_capitals" {
  command = plan
  variables {
    bucket = "Yizhan"
  }
  expect_failures = [var.bucket]
}

run "a_short_memory" {
  command = plan
  variables {
    audit_days = 30
  }
  expect_failures = [var.audit_days]
}
