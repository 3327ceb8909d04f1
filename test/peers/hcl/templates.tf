a = "${var.a}"
b = "x-${var.a}-${lower("Y")}"
c = "%{ if var.a }yes%{ else }no%{ endif }"
d = "%{ for k, v in var.m ~}${k}=${v}%{ endfor ~}"
e = "${~ var.a ~}"
f = "${"nested ${"deeper ${var.x}"}"}"
g = "${jsonencode({ a = 1, b = "}" })}"
h = "a ${
  var.b
} c"
i = "${true}"
