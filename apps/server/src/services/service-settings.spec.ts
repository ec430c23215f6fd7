import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import 'reflect-metadata';
import { PublicUrls } from './public-urls.ts';
import { serverMetadata } from './server-metadata.ts';
import { ServiceSettingsDto } from './service-settings.dto.ts';
import { newService, withSettings } from './service.ts';
import { settingsIn } from './settings-in.ts';

const BASES = ['issuer', 'registrationEndpoint', 'registrationManagementEndpoint'] as const;

describe('settingsIn', () => {
  it.each(['\u0100', '\u0000', 'ü', '%zz', '[a]', 'a b', '#a', '?a=1', '?', 'x'.repeat(2048)])(
    'refuses %j in the issuer and in the bases of endpoints, and names them',
    (rest) => {
      for (const name of BASES)
        expect(() => settingsIn({ [name]: `https://as.example.org/${rest}` })).toThrow(new RegExp(`${name}: .*has `));
    },
  );

  it.each([
    'https://user@as.example.org',
    'https://a_b.example.org',
    'https://1.2.3',
    'https://ü.example.org',
    'mailto:a@b.org',
  ])('refuses the URL %j for every setting', (url) => {
    for (const name of [...BASES, 'tokenEndpoint', 'tosUri'])
      expect(() => settingsIn({ [name]: url })).toThrow(`${name}: `);
    expect(() => settingsIn({ allowedOrigins: ['https://as.example.org', url] })).toThrow(
      /allowedOrigins: "(?!https:\/\/as)/,
    );
    const issuer = { issuer: 'x', jwksUri: url, algorithms: ['RS256'] };
    expect(() => settingsIn({ softwareStatementIssuers: [issuer] })).toThrow('jwksUri');
  });

  it('accepts a query where no path is added', () => {
    expect(settingsIn({ tokenEndpoint: 'https://as.example.org/token?a=1' })).toMatchObject({
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
    expect(() => settingsIn(settings)).toThrow(message);
  });

  it("ignores Authlete's properties for authorization servers, and unknown names without a value", () => {
    const unknown = { a: null, b: false, c: 0, d: [], e: '', federationEnabled: false, clientsPerDeveloper: 0 };
    const scope = { name: 'a', descriptions: [{ tag: 'en', value: 'x' }], attributes: [], more: null };
    const settings = settingsIn({
      ...unknown,
      pkceRequired: true,
      accessTokenDuration: 3600,
      supportedScopes: [scope],
    });

    expect(settings).toEqual(settingsIn({ supportedScopes: [{ name: 'a' }] }));
  });

  it('refuses a list with too many elements before it reads them', () => {
    let reads = 0;
    const element = {
      get name() {
        return `scope-${++reads}`;
      },
    };

    expect(() => settingsIn({ supportedScopes: Array(9000).fill(element) })).toThrow('no more than 1000 elements');
    expect(reads).toBe(0);
  });

  it('accepts only URLs with which discovery and registration succeed', () => {
    const urls = new PublicUrls({ host: '127.0.0.1', port: 3000 });
    let accepted = 0;
    for (const url of fc.sample(anyUrl, { numRuns: 4000, seed: 1 })) {
      let settings: ServiceSettingsDto;
      try {
        settings = settingsIn({ issuer: url, registrationEndpoint: url });
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

/** Texts of pieces of URLs. */
const anyUrl = fc
  .tuple(
    fc.constantFrom('http://a', 'https://as.example.org', 'https://as.example.org/', 'https:'),
    fc.array(
      fc.constantFrom(
        ...[
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
        ],
        ...['\u0100', '\u0000', 'ü', ' ', '\\', "'", '$value', '*', '127.1', '\n'],
      ),
      { maxLength: 4 },
    ),
  )
  .map(([start, rest]) => start + rest.join(''));
