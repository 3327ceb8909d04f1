resource "azurerm_storage_account" "s" {
  name                     = "acme${random_id.x.hex}"
  account_tier             = "Standard"
  account_replication_type = var.prod ? "GRS" : "LRS"
  infrastructure_encryption_enabled = true
}
