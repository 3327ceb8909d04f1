a = 1
b "c" {
  d = "x"
  e = <<EOT
line
EOT
}
# c
