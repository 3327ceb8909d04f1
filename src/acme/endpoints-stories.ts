/** When each thing happens to the public endpoints, so many days before the last day. */
export const ENDPOINT_DAYS = {
  oldVersions: { from: 500, to: 138 },
  lapsed: { from: 40, to: 37 },
  /** It has less than fourteen days left in six days, and no other is served yet. */
  ending: { made: 70, ends: -20 },
  noHsts: { from: 100, to: 96 },
} as const;

export const ENDPOINT_STORIES = [
  {
    name: 'old versions of TLS',
    tells: 'the old portal took TLS 1.0 and 1.1 until it was put behind the new gateway',
    check: 'tls-versions-current',
    item: 'legacy.acme.example',
    open: false,
  },
  { name: 'weak cipher', tells: 'the old portal took 3DES just as long', check: 'weak-ciphers-refused', item: 'legacy.acme.example', open: false },
  {
    name: 'lapsed certificate',
    tells: 'the certificate of the status page had expired for three days',
    check: 'certificates-renewed',
    item: 'status.acme.example',
    open: false,
  },
  {
    name: 'no word on TLS',
    tells: 'for four days the application did not tell browsers to insist on TLS',
    check: 'plain-http-closed',
    item: 'app.acme.example',
    open: false,
  },
] as const;
