import { validateHeaderValue } from 'node:http';
import 'reflect-metadata';
import { PublicUrls } from './public-urls.ts';
import { serverMetadata } from './server-metadata.ts';
import { ServiceSettingsDto } from './service-settings.dto.ts';
import { newService, withSettings } from './service.ts';
import { settingsIn } from './settings-in.ts';

const BASES = ['issuer', 'registrationEndpoint', 'registrationManagementEndpoint'] as const;

const read = settingsIn;

describe('settingsIn', () => {
  it.each(['\u0100', '\u0000', 'ü', '%zz', '[a]', 'a b', '#a', '?a=1', '?', 'x'.repeat(2048)])(
    'refuses %j in the issuer and in the bases of endpoints, and names them',
    (rest) => {
      for (const name of BASES)
        expect(() => read({ [name]: `https://as.example.org/${rest}` })).toThrow(new RegExp(`${name}: .*has `));
    },
  );

  it.each([
    'https://user@as.example.org',
    'https://a_b.example.org',
    'https://1.2.3',
    'https://ü.example.org',
    'mailto:a@b.org',
  ])('refuses the URL %j for every setting', (url) => {
    for (const name of [...BASES, 'tokenEndpoint', 'tosUri']) expect(() => read({ [name]: url })).toThrow(`${name}: `);
    expect(() => read({ allowedOrigins: ['https://as.example.org', url] })).toThrow(
      /allowedOrigins: "(?!https:\/\/as)/,
    );
    const issuer = { issuer: 'x', jwksUri: url, algorithms: ['RS256'] };
    expect(() => read({ softwareStatementIssuers: [issuer] })).toThrow('jwksUri');
  });

  it('accepts a query where no path is added', () => {
    expect(read({ tokenEndpoint: 'https://as.example.org/token?a=1' })).toMatchObject({
      tokenEndpoint: 'https://as.example.org/token?a=1',
    });
  });

  it.each([
    [{ dynamicRegistrationSuported: true }, 'did you mean dynamicRegistrationSupported?'],
    [{ Issuer: 'https://as.example.org' }, 'did you mean issuer?'],
    [{ token: 'a' }, '"token" is unknown; docs/services.md'],
    [
      { supportedScopes: [{ name: 'a' }, { name: 'b', defaultEntri: true }] },
      'supportedScopes[1]."defaultEntri" is unknown',
    ],
    [
      { softwareStatementIssuers: [{ issuer: 'x', jwksUrl: 'x', jwksUri: 'https://a.example' }] },
      'did you mean jwksUri?',
    ],
    [{ clientsPerDeveloper: 3 }, 'clientsPerDeveloper: this server'],
    [{ clientIdMetadataDocumentSupported: true }, 'clientIdMetadataDocumentSupported: this server'],
  ])('refuses the unknown names and features in %j', (settings, message) => {
    expect(() => read(settings)).toThrow(message);
  });

  it("ignores Authlete's properties for authorization servers, and unknown names without a value", () => {
    const unknown = { a: null, b: false, c: 0, d: [], e: '', federationEnabled: false, clientsPerDeveloper: 0 };
    const scope = { name: 'a', descriptions: [{ tag: 'en', value: 'x' }], attributes: [], more: null };
    const settings = read({ ...unknown, pkceRequired: true, accessTokenDuration: 3600, supportedScopes: [scope] });

    expect(settings).toEqual(read({ supportedScopes: [{ name: 'a' }] }));
  });

  it('refuses a list with too many elements before it reads them', () => {
    let reads = 0;
    const element = {
      get name() {
        return `scope-${++reads}`;
      },
    };

    expect(() => read({ supportedScopes: Array(9000).fill(element) })).toThrow('no more than 1000 elements');
    expect(reads).toBe(0);
  });

  it('accepts only URLs with which discovery and registration succeed', () => {
    const urls = new PublicUrls({ host: '127.0.0.1', port: 3000 });
    let accepted = 0;
    for (let seed = 1; seed <= 4000; seed++) {
      const url = randomUrl(seed);
      let settings: ServiceSettingsDto;
      try {
        settings = read({ issuer: url, registrationEndpoint: url });
      } catch {
        continue;
      }
      accepted++;
      const service = withSettings(newService(1, 1, 0), settings);
      const location = `${urls.clientConfigurationEndpoint(service)}/1`;
      validateHeaderValue('location', location);
      const { pathname, search, hash, username } = new URL(location);
      expect([pathname.endsWith('/1'), search, hash, username]).toEqual([true, '', '', '']);
      expect(serverMetadata(service, urls)).toMatchObject({ issuer: url });
    }
    expect(accepted).toBeGreaterThan(100);
    expect(accepted).toBeLessThan(3900);
  });
});

/** A text of pieces of URLs, always the same for a seed. */
function randomUrl(seed: number): string {
  const pieces = [
    'a',
    'b.example',
    '.',
    '/',
    '//',
    '%41',
    '%zz',
    '?',
    '#',
    '@',
    ':',
    ':80',
    '[',
    ']',
    '[::1]',
    '-',
    '_',
    '~',
    '\u0100',
    '\u0000',
    'ü',
    ' ',
    '\\',
    "'",
    '$value',
    '*',
    '127.1',
    '\n',
  ];
  let state = seed * 2_654_435_761;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let url = ['http://a', 'https://as.example.org', 'https://as.example.org/', 'https:'][next(4)] ?? '';
  for (let length = next(5); length > 0; length--) url += pieces[next(pieces.length)] ?? '';
  return url;
}
