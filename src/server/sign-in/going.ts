/** A place of ours and nothing else: whoever is sent elsewhere after signing in is an attacker's. `/` for what is none. */
export function goesTo(to: string | undefined): string {
  if (to === undefined || to.length > 2000 || !to.startsWith('/') || /[\\\x00-\x20]/.test(to)) return '/';
  try {
    const { origin, pathname, search } = new URL(to, 'http://tickmark.invalid');
    return origin === 'http://tickmark.invalid' && !pathname.startsWith('//') && !pathname.startsWith('/sign-in') ? `${pathname}${search}` : '/';
  } catch {
    return '/';
  }
}

/** An address with where to go on. */
export const withTo = (path: string, to: string | undefined): string =>
  goesTo(to) === '/' ? path : `${path}${path.includes('?') ? '&' : '?'}to=${encodeURIComponent(goesTo(to))}`;
