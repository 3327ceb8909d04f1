a = <<E
$${x} %%{y} ${"z"}
E
b = <<-E
  $${x}
    y
  E
c = <<E-F
dash
E-F
d = <<E
 E
e = <<-É
  accent
É
