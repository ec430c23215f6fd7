import { PublicUrls } from './public-urls.ts';
import { newService } from './service.ts';

const SERVICE = newService(12345, 1, 0);

describe('PublicUrls', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000/connect/12345/register'],
    ['::1', 'http://[::1]:3000/connect/12345/register'],
    ['localhost', 'http://localhost:3000/connect/12345/register'],
  ])('start with the listen address %s if no base URL is configured', (host, endpoint) => {
    const urls = new PublicUrls({ host, port: 3000 });

    expect(urls.clientRegistrationEndpoint(SERVICE)).toBe(endpoint);
    expect(urls.clientConfigurationEndpoint(SERVICE)).toBe(endpoint);
  });

  it('contain the actual port if the configured port is 0', () => {
    const urls = new PublicUrls({ host: '127.0.0.1', port: 0 });
    urls.listeningAt('127.0.0.1', 12_345);

    expect(urls.baseUrl).toBe('http://127.0.0.1:12345');
  });

  it('start with the configured base URL', () => {
    const urls = new PublicUrls({ baseUrl: 'https://clients.example.org', host: '0.0.0.0', port: 3000 });
    urls.listeningAt('0.0.0.0', 3000);

    expect(urls.clientRegistrationEndpoint(SERVICE)).toBe('https://clients.example.org/connect/12345/register');
  });
});
