variable "region" {
  type        = string
  default     = "eu-central-1"
  description = <<-EOT
    Where it all is.
  EOT
  validation {
    condition     = can(regex("^eu-", var.region))
    error_message = "The region must be in ${"Europe"}."
  }
}
variable "tags" {
  type    = map(object({ name = string, size = optional(number, 3) }))
  default = {}
  nullable = false
}
output "x" { value = var.region }
