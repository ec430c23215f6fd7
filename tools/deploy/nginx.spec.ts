import { readFileSync } from 'node:fs';
import { Config } from '../../apps/server/src/config/config.ts';
import { BODY_LIMIT, IDLE_GRACE } from '../../apps/server/src/http/limits.ts';
import { ROOT } from '../docs/root.ts';

const configuration = readFileSync(new URL('deploy/nginx/clientele.conf', ROOT), 'utf8').replace(/^ *#.*\n/gm, '');

interface Location {
  readonly pattern: RegExp;
  readonly body: string;
}

/** The locations with a pattern. nginx takes the first one that matches the path. */
const locations = Array.from(
  configuration.matchAll(/^ {4}location ~ (\S+) \{\n([^]*?)^ {4}\}/gm),
  ([, pattern = '', body = '']): Location => ({ pattern: new RegExp(pattern), body }),
);

const { paths } = JSON.parse(readFileSync(new URL('docs/openapi.json', ROOT), 'utf8')) as { readonly paths: object };

/** The access to a path through nginx. */
function accessTo(path: string): 'public' | 'internal' | 'none' {
  const location = locations.find(({ pattern }) => pattern.test(path));
  if (location === undefined) return 'none';
  return /^ *deny all;$/m.test(location.body) ? 'internal' : 'public';
}

function expectedAccess(path: string): ReturnType<typeof accessTo> {
  if (/^\/(connect|\.well-known)\//.test(path)) return 'public';
  return /^\/(api\/|docs$|openapi\.json$)/.test(path) ? 'internal' : 'none';
}

function valuesOf(name: string): string[] {
  return Array.from(configuration.matchAll(new RegExp(`^ *${name} +(.*);$`, 'gm')), ([, value]) => value!);
}

describe('the example for nginx', () => {
  it.each(Object.keys(paths))('lets the right callers reach %s', (path) => {
    expect(accessTo(path)).toBe(expectedAccess(path));
  });

  it('has no other locations than these, and responds with 404 elsewhere', () => {
    expect(Object.keys(paths).map(accessTo)).toEqual(expect.arrayContaining(['public', 'internal', 'none']));
    expect(Array.from(configuration.matchAll(/^ *location (\S+) /gm), ([, kind]) => kind)).toEqual([
      '~',
      '~',
      '/',
      '@other_process',
    ]);
    expect(configuration).toMatch(/location \/ \{\n +return 404;\n +\}/);
  });

  it('compares the path before it is decoded with the public paths', () => {
    const { pattern, body } = locations.find((each) => !each.body.includes('deny all'))!;
    const [, compared = ''] = /if \(\$request_uri !~ (\S+)\) \{\n +return 404;/.exec(body) ?? [];
    expect(new RegExp(compared)).toEqual(pattern);
  });

  it('closes idle connections before a stopping server does', () => {
    const [idle] = valuesOf('keepalive_timeout');
    expect(idle).toMatch(/^\d+ms$/);
    expect(parseInt(idle!)).toBeLessThan(Math.min(IDLE_GRACE, Config.from({}).keepAliveTimeout));
  });

  it('lets Clientele refuse large bodies, and writes none to a disk', () => {
    expect(valuesOf('client_max_body_size')).toEqual(['1m']);
    expect(valuesOf('client_body_buffer_size')).toEqual(['1m']);
    expect(BODY_LIMIT).toBeLessThan(1024 * 1024);
  });

  it('names the same two processes wherever it names them', () => {
    const processes = valuesOf('server').map((value) => value.split(' ')[0]!);
    const others = Object.fromEntries(
      Array.from(configuration.matchAll(/^ +("~:\d+\$"|default) +(\S+:\d+);$/gm), ([, from, to]) => [from, to]),
    ) as Record<string, string>;
    const [first, second] = processes;

    expect(processes).toHaveLength(2);
    expect(others[`"~:${first!.split(':')[1]!}$"`]).toBe(second);
    expect(others.default).toBe(first);
  });
});
