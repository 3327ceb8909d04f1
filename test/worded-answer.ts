const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};

const within = (bytes: Buffer, at: number): { readonly from: number; readonly length: number } => {
  const first = bytes[at + 1] ?? 0;
  return first < 128 ? { from: at + 2, length: first } : { from: at + 2 + (first & 127), length: bytes.readUIntBE(at + 2, first & 127) };
};

/** An answer of a time-stamping authority (RFC 3161) with words beside its status, which nobody signs. The token in it is as it was. */
export function worded(answer: Buffer, words: string): Buffer {
  const status = within(answer, within(answer, 0).from);
  const granted = der(0x30, Buffer.from([2, 1, 0]), der(0x30, der(0x0c, Buffer.from(words))));
  return der(0x30, granted, answer.subarray(status.from + status.length));
}
