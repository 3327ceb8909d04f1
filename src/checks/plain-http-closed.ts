import { days } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { tlsEndpoints } from '../datasets/crypto/tls-endpoints.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const LEAST = days(180) / 1000;

export const plainHttpClosed = defineCheck({
  id: 'plain-http-closed',
  title: 'Plain HTTP is closed, and browsers are told to insist on TLS',
  version: 1,
  asserts: 'Every endpoint that speaks HTTP answers without TLS by a redirect to TLS or not at all, and tells browsers to insist on TLS for at least 180 days.',
  population: tlsEndpoints.where(({ plain }) => plain !== 'not-examined'),
  with: { scope: systems.on('systemId') },
  parameters: { leastHsts: '180 days' },

  examine({ plain, hstsSeconds }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const wrong = [
      ...(plain === 'served' ? ['answers requests without TLS'] : []),
      ...(hstsSeconds === null ? ['does not tell browsers to insist on TLS'] : []),
      ...(hstsSeconds !== null && hstsSeconds < LEAST ? [`tells browsers to insist on TLS for ${hstsSeconds} seconds, not ${LEAST}`] : []),
    ];
    if (wrong.length > 0) return deviates(wrong.join('; '));
    return plain === 'unknown' ? unknown('what becomes of a request without TLS is not known') : conforms();
  },
});
