moved {
  from = aws_instance.a
  to   = aws_instance.b
}
import {
  to = aws_s3_bucket.x
  id = "bucket"
}
removed {
  from = aws_instance.c
  lifecycle {
    destroy = false
  }
}
check "health" {
  data "http" "x" {
    url = "https://acme.example"
  }
  assert {
    condition     = data.http.x.status_code == 200
    error_message = "${data.http.x.url} is down"
  }
}
