"""Verifies a folder of evidence with python3-cryptography: no line of it is shared with Tickmark.

    verify-folder.py FOLDER VERIFIER-KEY
"""
import base64, hashlib, json, pathlib, subprocess, sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

def sha256(*parts): return hashlib.sha256(b''.join(parts)).digest()
def unbase64(text): return base64.b64decode(text, validate=True)

def root_from(leaf, index, size, path):
    inner = (index ^ (size - 1)).bit_length()
    assert len(path) == inner + bin(index >> inner).count('1'), 'a proof of another length'
    for level, other in enumerate(path):
        right = level >= inner or index >> level & 1
        leaf = sha256(b'\1', other, leaf) if right else sha256(b'\1', leaf, other)
    return leaf

folder, (name, key_id, key) = pathlib.Path(sys.argv[1]), sys.argv[2].split('+', 2)
key = unbase64(key)
assert key[0] == 1 and sha256(name.encode(), b'\n', key)[:4].hex() == key_id, 'the key id does not fit the key'
note = (folder / 'checkpoint').read_text()
text, signatures = note.split('\n\n', 1)
origin, size, root = text.split('\n')
[signature] = [unbase64(line.split(' ')[2]) for line in signatures.splitlines() if line.startswith(f'\u2014 {name} ')]
assert origin == name and signature[:4].hex() == key_id, 'a checkpoint of another log'
ed25519.Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], f'{text}\n'.encode())

verified = 0
for record in (folder / 'evidence').iterdir():
    envelope = json.loads((record / 'statement.dsse.json').read_text())
    payload, kind, [signed] = unbase64(envelope['payload']), envelope['payloadType'], envelope['signatures']
    pae = b'DSSEv1 %d %s %d %s' % (len(kind), kind.encode(), len(payload), payload)
    bundle = json.loads((record / 'bundle.sigstore.json').read_text())['verificationMaterial']
    entry = unbase64(bundle['tlogEntries'][0]['canonicalizedBody'])
    spec = json.loads(entry)['spec']['hashedRekordV002']
    assert spec['data'] == {'algorithm': 'SHA2_256', 'digest': base64.b64encode(sha256(pae)).decode()}, 'the entry is of another statement'
    assert spec['signature']['content'] == signed['sig'], 'the entry is of another signature'
    spki = unbase64(spec['signature']['verifier']['publicKey']['rawBytes'])
    assert unbase64(bundle['publicKey']['hint']) == sha256(spki), 'the hint is of another key'
    serialization.load_der_public_key(spki).verify(unbase64(signed['sig']), pae, ec.ECDSA(hashes.SHA256()))
    header, proven = (record / 'proof.tlog-proof').read_text().split('\n\n', 1)
    magic, index, *path = header.split('\n')
    assert (magic, index, proven) == ('c2sp.org/tlog-proof@v1', f'index {record.name}', note), 'a proof of something else'
    assert root_from(sha256(b'\0', entry), int(record.name), int(size), [unbase64(line) for line in path]) == unbase64(root), 'not in the log'
    statement = json.loads(payload)
    named = {subject['digest']['sha256'] for subject in statement['subject']} | {its['keyDigest'] for its in statement['predicate']['payloads']}
    files = {hashlib.sha256(bytes).hexdigest(): bytes for bytes in (file.read_bytes() for file in record.glob('payload*'))}
    assert named == set(files), 'other payloads, or other keys'
    sealed, line = files[statement['subject'][0]['digest']['sha256']], files[statement['predicate']['payloads'][0]['keyDigest']]
    opened = Cipher(algorithms.AES(bytes.fromhex(line.split()[1].decode())), modes.CTR(bytes(16))).decryptor().update(sealed)
    detail = subprocess.run(['zstd', '-dc'], input=opened, stdout=subprocess.PIPE, check=True).stdout
    assert json.loads(detail)['body']['kind'] == statement['predicate']['head']['kind'], 'its detail is of something else'
    verified += 1
print('VERIFIED', verified, 'of', size)
