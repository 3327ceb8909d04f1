/** Reads the bundle with nothing but Python's own library, so that its reader can read all of what verifies. */
const PYTHON = `import base64, hashlib, json, os, sys

# A document in which a name comes twice could mean two things.
def once(pairs):
    assert len(dict(pairs)) == len(pairs), 'a name comes twice'
    return dict(pairs)

def parse(data): return json.loads(data, object_pairs_hook=once)
def sha256(data): return hashlib.sha256(data).digest()
def b64(data): return base64.b64encode(data).decode()
def read(name):
    with open(name, 'rb') as file: return file.read()

# The checkpoint: origin, size, root; an empty line; signatures.
note = read('checkpoint')
end = note.rindex(b'\\n\\n')
text, lines = note[:end + 1], note[end + 2:].decode().splitlines()
origin, size, root = text.decode().split('\\n')[:3]
size = int(size)

# Entries and statements lie in files of 256: a length, big-endian, and the bytes.
def place(number):
    parts = ['%03d' % (number % 1000)]
    while number >= 1000:
        number //= 1000
        parts.insert(0, 'x%03d' % (number % 1000))
    return '/'.join(parts)

def items(folder, width):
    found = []
    for number in range((size + 255) // 256):
        count = min(256, size - 256 * number)
        data = read('log/%s/%s%s' % (folder, place(number), '' if count == 256 else '.p/%d' % count))
        at = 0
        while at < len(data):
            length = int.from_bytes(data[at:at + width], 'big')
            found.append(data[at + width:at + width + length])
            at += width + length
    return found

# RFC 6962, section 2.1: leaves are hashed behind a 0, nodes behind a 1.
def tree(hashes):
    if not hashes: return sha256(b'')
    if len(hashes) == 1: return hashes[0]
    split = 1
    while split * 2 < len(hashes): split *= 2
    return sha256(b'\\1' + tree(hashes[:split]) + tree(hashes[split:]))

entries, statements = items('tile/entries', 2), items('statements', 4)
assert len(entries) == len(statements) == size, 'entries or statements are missing'
assert b64(tree([sha256(b'\\0' + entry) for entry in entries])) == root, 'the entries do not give the root'
print('%d entries give the root %s' % (size, root))

# Whose key signs a statement, log.json says: a collector's, or the workspace's; of keys that were replaced, from which record up to which.
described = parse(read('log/log.json'))
periods = [its for its in described.get('periods', []) if its['role'] == 'statement']
def signs(key, who, number):
    its = [period for period in periods if period['who'] == who]
    if not its: return described['statementKeys'].get(who) == key
    return any(period['key'] == key and period['from'] <= number and (period['to'] is None or number < period['to']) for period in its)

# Each entry commits to a statement (DSSE), and each line of records counts from 1, each naming the one before it.
last = {}
for number, (entry, envelope) in enumerate(zip(entries, statements)):
    parts = parse(envelope)
    payload = base64.b64decode(parts['payload'])
    kind = parts['payloadType'].encode()
    signed = b'DSSEv1 %d %s %d %s' % (len(kind), kind, len(payload), payload)
    body = parse(entry)['spec']['hashedRekordV002']
    assert body['data']['digest'] == b64(sha256(signed)), 'record %d: another statement' % number
    assert body['signature']['content'] == parts['signatures'][0]['sig'], 'record %d: another signature' % number
    said = parse(payload)
    head = said['predicate']['head']
    who = head['collector']['id'] if head['kind'] == 'run' else 'workspace'
    assert signs(body['signature']['verifier']['publicKey']['rawBytes'], who, number), 'record %d: not the key that log.json names of %s' % (number, who)
    line, seq, before = said['predicate']['line'], said['predicate']['seq'], said['predicate']['prev']
    assert (seq, before) == (last.get(line, (0, None))[0] + 1, last.get(line, (0, None))[1]), 'record %d: a record of %s was withheld' % (number, line)
    last[line] = (seq, hashlib.sha256(envelope).hexdigest())
    folder = 'evidence/%08d' % number
    there = os.path.isdir(folder)
    if there: assert read(folder + '/statement.dsse.json') == envelope, 'record %d: another statement in its folder' % number
    for subject, lies in zip(said['subject'], said['predicate']['payloads']) if there else []:
        digest = subject['digest']['sha256']
        name, key = 'payloads/%s.enc' % digest, 'payloads/%s.key' % digest
        if os.path.exists(name): assert hashlib.sha256(read(name)).hexdigest() == digest, name + ' is not what was sealed'
        else: print('record %d: no %s here: look for it in disposed.json' % (number, name))
        if os.path.exists(key): assert hashlib.sha256(read(key)).hexdigest() == lies['keyDigest'], key + ' is not the key under which it was sealed'
    if str(number) == (sys.argv[2] if len(sys.argv) > 2 else ''):
        for ending, data in (('signed', signed), ('sig', base64.b64decode(parts['signatures'][0]['sig'])), ('der', base64.b64decode(body['signature']['verifier']['publicKey']['rawBytes']))):
            with open('record.' + ending, 'wb') as file: file.write(data)
        print(json.dumps(said, indent=1))
print('every statement is the one its entry commits to, by the key that log.json names, and no number of %d lines is missing' % len(last))

# The key of the log: name+id+base64. For openssl, with the bytes that say "Ed25519" before it.
vkey = sys.argv[1]
name, _, encoded = vkey.split('+', 2)
key = base64.b64decode(encoded)
assert hashlib.sha256(name.encode() + b'\\n' + key).hexdigest()[:8] == vkey.split('+')[1], 'not a verifier key'
its = [base64.b64decode(line.split(' ')[2]) for line in lines if line.split(' ')[1] == name]
signature = [sig[4:] for sig in its if sig[:4].hex() == vkey.split('+')[1]][0]
for ending, data in (('signed', text), ('sig', signature), ('der', bytes.fromhex('302a300506032b6570032100') + key[1:])):
    with open('checkpoint.' + ending, 'wb') as file: file.write(data)
`;

/** What a reader of a bundle needs who trusts nobody: what is in it, how to verify it by hand, what that proves and what not. */
export const bundleReadme = (sealed: boolean): string => `EVIDENCE OF A PERIOD, AND HOW TO VERIFY IT

WHAT IS HERE
  bundle.json            the period, the controls, and the checkpoint this bundle ends at
  checkpoint             name, size and root hash of the company's log, signed (c2sp.org/tlog-checkpoint)
  log/                   the whole log but its payloads: entries and hash tiles (c2sp.org/tlog-tiles), the statements,
                         log.json (keys), and whatever timestamps and cosignatures there are of its checkpoints
  evidence/NUMBER/       a record of the period: its signed statement (DSSE, in-toto) and its proof (c2sp.org/tlog-proof)
  payloads/DIGEST.enc    what a source answered, encrypted; the name is the SHA-256 of the file, and the statement
                         of each record names the payloads that are its own: the first tells what was asked and answered
${
  sealed
    ? '                         Their keys were left out of this bundle.'
    : `  payloads/DIGEST.key    the key that opens it, and nothing else; the statement names the SHA-256 of this file too, so that
                         no other key can be handed over in its place`
}
  completeness.json      each line of records: its numbers, gaps in them, silences of its schedule, runs that were not complete
  disposed.json          payloads that are gone, and the record of the log that says so
  policy                 the key of the log (c2sp.org/tlog-policy), and
  trusted_root.json      the same for the verifiers of Sigstore: both follow from log.json, and say no more than it
  catalog/, overlay/     the controls, criteria and required items, and what the company laid over them
  results.json           what should follow from the evidence: statuses, deviations and whether they are waived, unknowns, with the
                         records each rests on; and what had to happen and did not
  populations/           for each check of each control the keys of all its items in the period, one a line
  report.html            the same as results.json, to read
  manifest.sha256        digests of all these files
  consistency-from-*.txt (where an earlier checkpoint was given) that the log continues it

HOW TO VERIFY IT
With the program: node tickmark-verify.mjs BUNDLE.tar --key KEY, or tickmark bundle verify BUNDLE.tar --key KEY.
Take the program from where you trust it, not from the bundle. Or by hand, with python3, openssl and zstd of any Debian,
without a network. The short program of the third command comes from this file, and so from the maker of this bundle: read
it before you run it.

  1  tar -xf BUNDLE.tar
  2  sha256sum --quiet -c manifest.sha256
  3  sed -n '/^import base64/,$p' README-VERIFY.txt > by-hand.py
  4  python3 -I by-hand.py "$(grep -o '"verifierKey": "[^"]*"' log/log.json | cut -d'"' -f4)" 12
     Better than the key that log.json names is the one the company gave you on another way. The last number is that of a record.
     -I keeps Python from running files of the bundle in the place of its own library.
  5  openssl pkeyutl -verify -pubin -keyform DER -inkey checkpoint.der -rawin -in checkpoint.signed -sigfile checkpoint.sig
  6  openssl dgst -sha256 -verify record.der -keyform DER -signature record.sig record.signed
     The fourth command has compared that key with the one that log.json names.
${
  sealed
    ? ''
    : `  7  openssl enc -d -aes-256-ctr -K "$(cut -d ' ' -f 2 payloads/DIGEST.key)" -iv 00000000000000000000000000000000 -in payloads/DIGEST.enc | zstd -d
     with a DIGEST that the statement of the record names under "subject"; that it is the one key, the fourth command has compared
`
}  ${sealed ? 7 : 8}  openssl ts -reply -in log/checkpoints/NAME.AUTHORITY.tsr -token_out -out token && openssl ts -verify -token_in -in token -data TEXT -CAfile CERTIFICATES && openssl ts -reply -token_in -in token -text
     where there are timestamps: TEXT is the note log/checkpoints/NAME up to and with the newline before its empty line, and
     CERTIFICATES are the authority's as you have them from elsewhere: those in log/authorities/ the company may have made.
     The time is what the token says ("Time stamp"); the answer around it holds words that nobody signed

HOW TO DRAW A SAMPLE
Choose a seed, of which nobody knew before this bundle was made, and rank every key of a file of populations/ by
SHA-256 of the digest of the file, a line feed, the seed, a line feed and the key. The sample is the first of them:

  f=populations/CONTROL.CHECK.txt; d=$(sha256sum < $f | cut -c1-64); seed=SEED
  while IFS= read -r key; do
    printf '%s  %s\\n' "$(printf '%s\\n%s\\n%s' "$d" "$seed" "$key" | sha256sum | cut -c1-64)" "$key"
  done < $f | LC_ALL=C sort | head -n 25

"tickmark sample" draws the same. A larger sample begins with the smaller one.

WHAT IS PROVED
  - Every record in evidence/ is in the log, unchanged, at its number; so are the payloads that it names.
  - Nothing was left out between two records of a line: they are numbered, and each names the one before it.
  - The log continues every checkpoint you hold of it. Keep this one: the next bundle must continue it.
  - By a certificate that you have from elsewhere, a timestamp proves that everything below its checkpoint existed then. By
    one that only this bundle names it proves nothing.
WHAT IS NOT
  - That a source told the truth, or that everything there is was connected to the log.
  - That the log was not rewritten before anybody outside held a checkpoint, a timestamp or a cosignature of it.
  - results.json and report.html should follow from the evidence, and nothing proves them: perform them again to see. What
    results.json alone names (catalog/, overlay/, populations/) is proved no more than it is.
  - The manifest shows damage on the way, not intent: whoever makes a bundle makes its manifest.

----------------------------------------------------------------------------------------------------------------------
${PYTHON}`;
