import type { Socket } from 'node:net';
import { CallerAddresses } from './caller-addresses.ts';

const addresses = new CallerAddresses(['10.0.0.0/8', '2001:db8:ffff::1', '::ffff:172.16.0.0/108']);
const from = (remoteAddress: string | undefined, forwardedFor?: string) =>
  addresses.addressOf({
    socket: { remoteAddress } as Socket,
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  });

describe('the address of a caller', () => {
  it.each([
    ['198.51.100.2', '198.51.100.2'],
    ['198.51.100.2:40001', '198.51.100.2'],
    ['[2001:db8:5::1]:40001', '2001:db8:5::1'],
    ['[2001:db8:5::1]', '2001:db8:5::1'],
    ['2001:DB8:5:0:0::1', '2001:db8:5::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1, 10.1.2.3:80, 2001:db8:ffff::1', '192.0.2.1'],
    ['198.51.100.1, 192.0.2.7', '192.0.2.7'],
    ['10.0.0.5, 10.0.0.6', '10.0.0.5'],
  ])('in X-Forwarded-For: %s is %s', (forwardedFor, address) => {
    expect(from('10.0.0.1', forwardedFor)).toBe(address);
  });

  it.each(['junk', '', ',', '1', '0x7f.1', '192.0.2.300', '[::1', '192.0.2.1:port', 'unknown', '_hidden'])(
    'is that of the proxy that sent %j',
    (junk) => {
      expect(from('10.0.0.1', junk)).toBe('10.0.0.1');
      expect(from('10.0.0.1', `192.0.2.1, ${junk}, 10.0.0.7`)).toBe('10.0.0.7');
    },
  );

  it('is that of the peer unless a trusted proxy sends another', () => {
    expect(from('192.0.2.1', '198.51.100.2')).toBe('192.0.2.1');
    expect(from('::ffff:10.0.0.1', '198.51.100.2')).toBe('198.51.100.2');
    expect(from(undefined, '198.51.100.2')).toBeUndefined();
  });
});

it('connections are counted by address, except those of proxies and of this machine', () => {
  expect(addresses.sharerOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(addresses.sharerOf('2001:db8:1:1::1')).toBe(addresses.sharerOf('2001:db8:1:1:ffff::2'));
  for (const shared of ['10.1.2.3', '127.0.0.1', '::1', undefined]) expect(addresses.sharerOf(shared)).toBeUndefined();
});

it('a trusted network of IPv4 addresses that are mapped to IPv6 is a network of IPv4', () => {
  expect(from('172.16.0.1', '198.51.100.2')).toBe('198.51.100.2');
  expect(from('::ffff:172.31.0.1', '198.51.100.2')).toBe('198.51.100.2');
  expect(from('172.32.0.1', '198.51.100.2')).toBe('172.32.0.1');
});
