import type { Outcome } from './finding.ts';
import { checkOutbound } from './outbound.ts';

describe('checkOutbound', () => {
  const PUBLIC = 'https://clients.example.com';

  it.each<[boolean, string, Record<string, string>, Outcome[]]>([
    [false, PUBLIC, {}, ['ok']],
    [false, PUBLIC, { NODE_TLS_REJECT_UNAUTHORIZED: '1' }, ['ok']],
    [true, 'http://127.0.0.1:3000', {}, ['warning']],
    [true, PUBLIC, {}, ['failed']],
    [false, PUBLIC, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, ['failed']],
    [true, PUBLIC, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, ['failed', 'failed']],
  ])(
    'with ALLOW_LOOPBACK_FETCH=%s, BASE_URL=%s and the environment %j, the results are %j',
    (allowLoopbackFetch, baseUrl, environment, results) => {
      const findings = checkOutbound({ allowLoopbackFetch }, baseUrl, environment);

      expect(findings.map(({ result }) => result)).toEqual(results);
      for (const { check } of findings) expect(check).toBe('outbound');
    },
  );
});
