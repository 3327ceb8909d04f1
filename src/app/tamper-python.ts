/**
 * Verifies a log with the standard library of Python alone: entries to tiles to the root of the checkpoint, statements to
 * entries, payloads to statements. Ends with 1 and one line that names what is not as it was sealed. Signatures are left
 * to openssl. Written apart from everything else here, so that one can be wrong without the other.
 */
export const PYTHON = `
import base64, hashlib, json, os, sys
folder = sys.argv[1]
def read(path):
    with open(os.path.join(folder, path), 'rb') as file: return file.read()
def name(n):
    digits = str(n).zfill(3 * max(1, -(-len(str(n)) // 3)))
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    return '/'.join(['x' + group for group in groups[:-1]] + groups[-1:])
def tile(kind, n, width):
    path = 'log/' + kind + '/' + name(n) + ('' if width == 256 else '.p/%d' % width)
    return path, read(path)
def items(data, prefix):
    out = []
    while data:
        length = int.from_bytes(data[:prefix], 'big')
        out.append(data[prefix:prefix + length])
        data = data[prefix + length:]
    return out
def root(hashes):
    if len(hashes) == 1: return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b'\\1' + root(hashes[:split]) + root(hashes[split:])).digest()
def wrong(says):
    print(says)
    sys.exit(1)
lines = read('log/checkpoint').decode().split('\\n')
size = int(lines[1])
leaves, seen, packs = [], set(), {}
for n in range(-(-size // 256)):
    width = min(256, size - 256 * n)
    path, data = tile('tile/entries', n, width)
    entries = items(data, 2)
    hashes = [hashlib.sha256(b'\\0' + entry).digest() for entry in entries]
    tile_path, stored = tile('tile/0', n, width)
    statements_path, data = tile('statements', n, width)
    for place, envelope in enumerate(items(data, 4)):
        index = 256 * n + place
        try: payload = base64.b64decode(json.loads(envelope)['payload'], validate=True)
        except Exception: wrong('%s record %d: the statement cannot be read' % (statements_path, index))
        pae = b'DSSEv1 28 application/vnd.in-toto+json %d ' % len(payload) + payload
        digest = base64.b64encode(hashlib.sha256(pae).digest())
        if b'"digest":"' + digest + b'"' not in entries[place]: wrong('record %d: its statement and its entry do not belong together' % index)
        statement = json.loads(payload)
        for subject, lies in zip(statement['subject'], statement['predicate']['payloads']):
            expected, place_of = subject['digest']['sha256'], lies['place']
            if expected in seen: continue
            seen.add(expected)
            pack = place_of['pack']
            file = 'packs/%s/%s' % (pack[:2], pack) if pack else 'payloads/%s/%s.enc' % (expected[:2], expected)
            if file not in packs: packs = {file: read(file)}
            data = packs[file]
            if pack: data = data[place_of['offset']:place_of['offset'] + place_of['length']]
            if hashlib.sha256(data).hexdigest() != expected: wrong('%s record %d: the payload is not the one that was sealed' % (file, index))
    if b''.join(hashes) != stored: wrong('%s: the tile does not hold the hashes of its entries' % tile_path)
    leaves += hashes
if base64.b64encode(root(leaves)).decode() != lines[2]: wrong('log/checkpoint: the entries do not give its root')
`;
