a = {}
b = { x = 1, y = "z" }
c = {
  x = 1
  "y z" : 2,
  (var.k) = 3
}
d = { x : { y : [1, { z = null }] } }
e = {
  true = 1
  null = 2
  1 = 3
}
f = {

  a = 1

  # comment
  b = var.b

}
g = { "a" = 1 , "b" = 2 , }
h = {
  a = 1 # why
  b = 2 /* here */
  c = <<EOT
text
EOT
  d = 4
}
i = { a.b = 1 }
