/** How code says whether what a store holds is encrypted at rest. */
export interface StoreRule {
  /** The attribute that says it, nested blocks joined by a dot. Without one the provider always encrypts, whatever the code says. */
  readonly says?: string;
  /** The value that means encrypted; `true` unless said. */
  readonly means?: string;
  /** Another attribute that also means it wherever it is set: a key. */
  readonly orSet?: string;
  /** What the provider does where the code says nothing; `unknown` where that depends on a setting outside of the code, or on an age. */
  readonly silent: 'on' | 'off' | 'unknown';
}

const ALWAYS: StoreRule = { silent: 'on' };
const storage = (silent: StoreRule['silent']): StoreRule => ({ says: 'storage_encrypted', silent });
const plain = (silent: StoreRule['silent']): StoreRule => ({ says: 'encrypted', silent });

/**
 * The managed stores that are examined, by type. S3 encrypts every new object since January 2023, SQS every new queue
 * since 2022; a volume, a file system or a database of AWS is as the code says. Google and Azure encrypt at rest always.
 */
export const STORES: Readonly<Record<string, StoreRule>> = {
  aws_backup_vault: ALWAYS,
  aws_cloudwatch_log_group: ALWAYS,
  aws_dax_cluster: { says: 'server_side_encryption.enabled', silent: 'off' },
  aws_db_instance: storage('off'),
  aws_docdb_cluster: storage('off'),
  aws_dynamodb_table: ALWAYS,
  aws_ebs_snapshot_copy: plain('unknown'),
  aws_ebs_volume: plain('unknown'),
  aws_ecr_repository: ALWAYS,
  aws_efs_file_system: plain('off'),
  aws_elasticache_replication_group: { says: 'at_rest_encryption_enabled', silent: 'off' },
  aws_elasticsearch_domain: { says: 'encrypt_at_rest.enabled', silent: 'off' },
  aws_fsx_lustre_file_system: ALWAYS,
  aws_fsx_ontap_file_system: ALWAYS,
  aws_fsx_openzfs_file_system: ALWAYS,
  aws_fsx_windows_file_system: ALWAYS,
  aws_kinesis_stream: { says: 'encryption_type', means: 'KMS', silent: 'off' },
  aws_memorydb_cluster: ALWAYS,
  aws_mq_broker: ALWAYS,
  aws_msk_cluster: ALWAYS,
  aws_neptune_cluster: storage('off'),
  aws_opensearch_domain: { says: 'encrypt_at_rest.enabled', silent: 'off' },
  aws_rds_cluster: storage('off'),
  aws_rds_global_cluster: storage('off'),
  aws_redshift_cluster: plain('unknown'),
  aws_redshiftserverless_namespace: ALWAYS,
  aws_s3_bucket: ALWAYS,
  aws_sqs_queue: { says: 'sqs_managed_sse_enabled', orSet: 'kms_master_key_id', silent: 'on' },
  aws_workspaces_workspace: { says: 'user_volume_encryption_enabled', silent: 'off' },
  azurerm_cosmosdb_account: ALWAYS,
  azurerm_managed_disk: ALWAYS,
  azurerm_mssql_database: { says: 'transparent_data_encryption_enabled', silent: 'on' },
  azurerm_mysql_flexible_server: ALWAYS,
  azurerm_postgresql_flexible_server: ALWAYS,
  azurerm_storage_account: ALWAYS,
  google_bigquery_dataset: ALWAYS,
  google_bigtable_instance: ALWAYS,
  google_compute_disk: ALWAYS,
  google_filestore_instance: ALWAYS,
  google_pubsub_topic: ALWAYS,
  google_spanner_instance: ALWAYS,
  google_sql_database_instance: ALWAYS,
  google_storage_bucket: ALWAYS,
};

/** A copy of a database is encrypted as what it was copied from, which the code may not show. */
export const COPIES: readonly string[] = [
  'replicate_source_db',
  'snapshot_identifier',
  'restore_to_point_in_time',
  'engine_mode',
  'global_cluster_identifier',
  'source_db_cluster_identifier',
];
