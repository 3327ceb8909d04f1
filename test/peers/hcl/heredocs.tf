a = <<EOT
one
  two

three
EOT
b = <<-EOT
    four
      five

    six
    EOT
c = <<-EOT
	seven
	  eight
  EOT
d = <<EOT
EOT
e = <<EOT
hello ${var.name}
EOT
f = <<-POLICY
  {
    "Version": "2012-10-17",
    "Resource": "arn:aws:s3:::$${x}/*"
  }
POLICY
g = <<EOT
back\slash \n "quotes" EOT
 EOTX
EOT
h = [<<EOT
in a list
EOT
, "next"]
i = <<-EOT
  a
   ${var.x}
  b
EOT
j = <<-EOT

  blank first
  EOT
