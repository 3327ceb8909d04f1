import type { Wire } from '../src/sources/wire.ts';

const owner = (id: number) => ({ id, login: `person-${id}`, type: 'User' });
const fine = (id: number, over: object = {}) => ({
  ...{ id, owner: owner(id), access_granted_at: '2026-05-16T08:47:09.000-07:00', token_id: id, token_name: `token ${id}`, token_expired: false },
  ...{ repository_selection: 'all', token_expires_at: '2026-11-16T08:47:09.000-07:00', token_last_used_at: null, ...over },
});
const credential = (id: number, type: string, over: object = {}) => ({
  ...{ login: 'person-1', credential_id: id, credential_type: type, credential_authorized_at: '2026-01-26T19:06:43Z', authorized_credential_id: id, ...over },
});

/** What such an organization answers. Fine-grained tokens are on two pages. */
export const tokensWire: Wire = async ({ url }) => {
  const { pathname, searchParams } = new URL(url);
  const second = searchParams.get('page') === '2';
  const body =
    pathname === '/user'
      ? { message: 'Resource not accessible by integration' }
      : pathname === '/orgs/acme'
        ? { id: 77, login: 'acme' }
        : pathname.endsWith('/personal-access-tokens')
          ? [second ? fine(2, { token_expires_at: null, token_name: '' }) : fine(1)]
          : [
              credential(11, 'personal access token', { authorized_credential_expires_at: '2026-02-25T19:06:43Z', authorized_credential_note: 'backup' }),
              credential(12, 'personal access token', { authorized_credential_expires_at: null }),
              credential(13, 'personal access token'),
              credential(14, 'SSH key', { authorized_credential_title: 'laptop' }),
              credential(15, 'OAuth app token'),
              credential(16, 'something new'),
            ];
  const next = pathname.endsWith('/personal-access-tokens') && !second ? { link: `<https://api.github.com${pathname}?per_page=100&page=2>; rel="next"` } : {};
  const headers = { 'content-type': 'application/json', ...next };
  return { status: pathname === '/user' ? 403 : 200, headers, body: new TextEncoder().encode(JSON.stringify(body)) };
};
