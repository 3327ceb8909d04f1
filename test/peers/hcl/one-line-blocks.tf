a {}
b { x = 1 }
c "l" { y = [1, 2] }
d { /* c */ z = "}" } # trailing
