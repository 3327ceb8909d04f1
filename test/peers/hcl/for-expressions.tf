a = [for s in var.list : upper(s)]
b = [for i, s in var.list : s if i > 0]
c = { for k, v in var.map : k => v }
d = { for k, v in var.map : v => k... if k != "" }
e = [
  for s in var.list :
  s
  if s != null
]
f = {
  for k, v in {
    a = 1
    b = 2
  } : k => v
}
g = [for x in [for y in var.l : y] : x]
h = { format = 1 }
