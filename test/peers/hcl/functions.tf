a = upper("x")
b = merge({ a = 1 }, var.b)
c = concat(var.lists...)
d = max(1, 2, 3,)
e = f()
f = element(
  split(",", var.x),
  0
)
g = provider::aws::arn_parse("x")
h = lower (var.x)
i = jsonencode({
  a = 1
  b = [for s in var.x : s]
})
