terraform {
  required_version = ">= 1.5"
  backend "s3" {
    bucket = "state"
  }
}

resource "aws_instance" "web" {
  ami = "ami-1"

  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = true
  }
  ebs_block_device {
    device_name = "/dev/sdc"
  }
  lifecycle { prevent_destroy = true }
  empty {}
  spaced { }
  lines {
  }
}
data aws_ami unquoted {
  most_recent = true
}
locals { x = 1 }
