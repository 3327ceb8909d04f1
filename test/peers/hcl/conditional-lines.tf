a = [
  var.x
  ? 1
  : 2,
  3 +
  4
]
b = f(
  a
  .b
  [0]
)
