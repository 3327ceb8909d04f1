a "b" "c" "d-e" f_g {
}
