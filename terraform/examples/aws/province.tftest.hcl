# The provider's own schemas, and nobody's cloud: what it would answer is made up.
mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws-cn" }
  }
  mock_resource "aws_eks_cluster" {
    defaults = {
      identity   = [{ oidc = [{ issuer = "https://oidc.example.cn/id/1" }] }]
      vpc_config = [{ cluster_security_group_id = "sg-1" }]
    }
  }
  mock_resource "aws_db_instance" {
    defaults = { address = "db.example.cn", master_user_secret = [{ secret_arn = "arn:aws-cn:secretsmanager:cn-northwest-1:1:secret:1" }] }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws-cn:iam::123456789012:role/one" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws-cn:iam::123456789012:policy/one" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws-cn:kms:cn-northwest-1:123456789012:key/1" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws-cn:s3:::one" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws-cn:iam::123456789012:oidc-provider/one" }
  }
}

variables {
  province      = { code = "42", name = "湖北省", domain = "zwfw.example.gov.cn", zone_id = "Z1", contact = "it@example.gov.cn" }
  entrance      = { host = "lb.example.cn", zone_id = "Z9" }
  hall_domains  = { "www.a.gov.cn" = "Z2", "www.b.gov.cn" = "" }
  broker_cidrs  = ["10.70.0.0/24"]
  store_cidrs   = ["10.71.0.0/24"]
  monitor_cidrs = ["10.64.9.0/24"]
  image         = { repository = "registry.example.gov.cn/yizhan", digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000" }
}

run "a_province" {
  command = plan

  assert {
    condition     = module.dns.hall_domains == tolist(["www.a.gov.cn", "www.b.gov.cn"])
    error_message = "every domain of a hall's own goes into the chart's values"
  }
  assert {
    condition     = module.dns.to_be_set_elsewhere == { "www.b.gov.cn" = "lb.example.cn" }
    error_message = "a domain whose zone is in other hands is said"
  }
}

run "a_region_abroad" {
  command = plan
  variables {
    region = "us-east-1"
  }
  expect_failures = [var.region]
}
