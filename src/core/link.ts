/** RFC 8288: the target of `rel="next"` in a Link header, or `null`. */
export function nextLink(header: string | undefined): string | null {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[^,;]+)*)/g)) {
    if (/;\s*rel="?next"?/i.test(parameters)) return target;
  }
  return null;
}
