a = var.a.b.c
b = var.list[0].x
c = var.map["k"]
d = aws_instance.web[*].id
e = aws_instance.web.*.id
f = data.aws_ami.x.id
g = var.a.0.b
h = var.a[var.b[0]]
i = [1, 2][0]
j = { a = 1 }.a
k = "x"[0]
l = module.x["a"].y
m = (var.x).y
n = var.a . b
o = var.l[
  0
]
