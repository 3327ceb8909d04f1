import { systems } from '../datasets/asset/systems.ts';
import { tlsEndpoints } from '../datasets/crypto/tls-endpoints.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const plainHttpClosed = defineCheck({
  id: 'plain-http-closed',
  title: 'Plain HTTP is closed, and browsers are told to insist on TLS',
  version: 1,
  asserts:
    'Every endpoint that speaks HTTP answers without TLS by a redirect to TLS or not at all, and tells browsers to insist on TLS for at least {leastHsts}.',
  population: tlsEndpoints.where(({ plain }) => plain !== 'not-examined'),
  with: { scope: systems.on('systemId') },
  parameters: { leastHsts: span('180 days') },

  examine({ plain, hstsSeconds }, { scope }, { leastHsts }) {
    const least = leastHsts / 1000;
    const out = outOfScope(scope);
    if (out) return out;
    const wrong = [
      ...(plain === 'served' ? ['answers requests without TLS'] : []),
      ...(hstsSeconds === null ? ['does not tell browsers to insist on TLS'] : []),
      ...(hstsSeconds !== null && hstsSeconds < least ? [`tells browsers to insist on TLS for ${hstsSeconds} seconds, not ${least}`] : []),
    ];
    if (wrong.length > 0) return deviates(wrong.join('; '));
    return plain === 'unknown' ? unknown('what becomes of a request without TLS is not known') : conforms();
  },
});
