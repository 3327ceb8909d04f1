a = []
b = [1, 2, 3,]
c = [
  "x",
  # comment
  "y", // other
  [1, [2]],
]
d = [ var.a, 1 ]
e = [1
, 2]
