import { describe, expect, it } from 'vitest';
import { checkTester } from '../../test/check-tester.ts';
import { resource, system } from '../../test/rows.ts';
import { STORES } from './stores.ts';
import { storesEncryptedInCode } from './stores-encrypted-in-code.ts';

const given = { scope: [system({ systemId: 'aws' })] };
const store = (type: string, attributes: unknown) => resource({ type, address: `${type}.x`, attributes: JSON.stringify(attributes) });
const call = (source: string, state: string | null = 'production') =>
  resource({ state, systemId: 'terraform', mode: 'module', type: 'module', address: 'module.db', attributes: JSON.stringify({ source }) });

checkTester(storesEncryptedInCode, {
  conforms: {
    'a volume that says so': { item: resource(), given },
    'a bucket, whatever it says': { item: store('aws_s3_bucket', {}), given },
    'a queue that says nothing': { item: store('aws_sqs_queue', {}), given },
    'a queue with a key of its own': {
      item: store('aws_sqs_queue', { sqs_managed_sse_enabled: false, kms_master_key_id: { $expression: 'aws_kms_key.q.id' } }),
      given,
    },
    'a nested block': { item: store('aws_opensearch_domain', { encrypt_at_rest: [{ enabled: true }] }), given },
    'a text that means true': { item: store('aws_efs_file_system', { encrypted: 'true' }), given },
    'a value that has a name of its own': { item: store('aws_kinesis_stream', { encryption_type: 'KMS' }), given },
    'a module whose state is read': {
      item: call('terraform-aws-modules/rds/aws'),
      given: { ...given, state: [resource({ origin: 'state', module: 'module.db', state: 'production' })] },
    },
  },
  deviates: {
    'a volume that says no': { item: store('aws_ebs_volume', { encrypted: false }), given, because: 'encrypted is false' },
    'a database that is silent': {
      item: store('aws_db_instance', { engine: 'postgres' }),
      given,
      because: 'storage_encrypted is not set, and without it nothing is encrypted',
    },
    'a domain without the block': {
      item: store('aws_opensearch_domain', {}),
      given,
      because: 'encrypt_at_rest.enabled is not set, and without it nothing is encrypted',
    },
    'a queue that declines': { item: store('aws_sqs_queue', { sqs_managed_sse_enabled: false }), given, because: 'sqs_managed_sse_enabled is false' },
    'null is silence': {
      item: store('aws_db_instance', { storage_encrypted: null }),
      given,
      because: 'storage_encrypted is not set, and without it nothing is encrypted',
    },
    'a stream without a key': { item: store('aws_kinesis_stream', { encryption_type: 'NONE' }), given, because: 'encryption_type is NONE' },
    'a state that says no': { item: resource({ origin: 'state', attributes: '{"encrypted":false}' }), given, because: 'encrypted is false' },
  },
  unknown: {
    'a variable': {
      item: store('aws_ebs_volume', { encrypted: { $expression: 'var.encrypt' } }),
      given,
      because: 'encrypted is var.encrypt, which the code alone does not decide',
    },
    'a volume that is silent, for the account may encrypt it': {
      item: store('aws_ebs_volume', {}),
      given,
      because: 'encrypted is not set, and what holds then is not told by the code',
    },
    'a replica is as its source': {
      item: store('aws_db_instance', { replicate_source_db: { $expression: 'aws_db_instance.main.id' } }),
      given,
      because: 'storage_encrypted is not set, and what holds then is not told by the code',
    },
    'a module of this name in the state of other code': {
      item: call('terraform-aws-modules/rds/aws'),
      given: { ...given, state: [resource({ origin: 'state', module: 'module.db', state: 'staging' })] },
      because: 'what the module terraform-aws-modules/rds/aws declares is not in this code, and the state production does not tell of it',
    },
    'code of which nothing says to which state it is applied': {
      item: call('terraform-aws-modules/rds/aws', null),
      given: { ...given, state: [resource({ origin: 'state', module: 'module.db', state: 'production' })] },
      because: 'what the module terraform-aws-modules/rds/aws declares is not in this code, and no configuration says which state tells of it',
    },
    'a module from elsewhere': {
      item: call('terraform-aws-modules/rds/aws'),
      given,
      because: 'what the module terraform-aws-modules/rds/aws declares is not in this code, and no state tells of it',
    },
  },
  notYet: { 'a system out of scope': { item: resource() } },
  ignores: {
    'what is only read': resource({ mode: 'data' }),
    'what is no store': resource({ type: 'aws_vpc' }),
    'what is not made at all': store('aws_ebs_volume', { count: 0 }),
    'a module that is read itself': call('./modules/db'),
  },
});

describe('the list of stores', () => {
  it('is sorted, so that a change of it is read easily', () => expect(Object.keys(STORES)).toEqual(Object.keys(STORES).toSorted()));
  it('names an attribute wherever silence is not the same as encrypted', () => {
    for (const [type, { says, silent }] of Object.entries(STORES)) expect(says !== undefined || silent === 'on', type).toBe(true);
  });
});
