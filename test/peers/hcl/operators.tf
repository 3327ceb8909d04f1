a = 1 + 2 * 3 - 4 / 5 % 6
b = !var.x && var.y || var.z
c = 1 < 2 == true
d = var.a != var.b ? "x" : "y"
e = var.a >= 1 ? var.b <= 2 ? 1 : 2 : 3
f = (
  1 +
  2
)
g = -var.x
h = - -1
i = (5)
j = ("x")
k = ((true))
l = -(5)
m = 1-1
n = a-b
o = a - b
p = !true
