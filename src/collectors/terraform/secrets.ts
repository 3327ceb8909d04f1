/** Words by which an attribute says that it holds a secret, without signs between them. */
const WORDS =
  /password|passwd|passphrase|secret|token|apikey|accesskey|privatekey|sharedkey|accountkey|primarykey|secondarykey|encryptionkeyvalue|authkey|saskey|keymaterial|licensekey|credential|connectionstring|webhookurl/;
/** Endings by which it says that it only speaks of one: whose it is, where it lies, how long it lives. */
const ABOUT =
  /(arn|id|ids|name|names|version|versions|enabled|required|type|length|ttl|days|hours|minutes|seconds|lifetime|validity|expiration|expiry|date|policy|url|uri|endpoint|hash|algorithm|usage|status|source|path|prefix|scopes?|permissions?|mount|manager)$|^httptokens?$/;
const VALUES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i,
  /\b(AccountKey|SharedAccessKey|Password|Pwd)=[^;\s]+/i,
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|sk_live_\w{10,}|hooks\.slack\.com\/services\/\S+|AGE-SECRET-KEY-\w+)/,
];

const wordOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/webhookurl$/, 'webhookurlsecret');

/** Whether a name says that its value is a secret; `below`: what it stands in says so already. */
export function namesSecret(name: string, below = false): boolean {
  const word = wordOf(name);
  return (below || WORDS.test(word)) && !ABOUT.test(word);
}

/** Whether a text shows by its form that it is or holds a secret. */
export const showsSecret = (text: string): boolean => VALUES.some((pattern) => pattern.test(text));
