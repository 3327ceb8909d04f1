module "db" {
  source  = "terraform-aws-modules/rds/aws"
  version = "~> 6.0"
  providers = {
    aws = aws.eu
  }
  storage_encrypted = true
}
module "local" {
  source   = "./modules/net"
  for_each = toset(["a", "b"])
}
