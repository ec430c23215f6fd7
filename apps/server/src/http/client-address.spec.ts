import fc from 'fast-check';
import { canonicalAddress, isLoopback } from './client-address.ts';

describe('canonicalAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:C000:201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['nonsense', 'nonsense'],
    ['', ''],
  ])('%s is %s', (address, canonical) => {
    expect(canonicalAddress(address)).toBe(canonical);
  });

  it('is one for all addresses of an IPv6 network, and another for every other network', () => {
    const words = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 0xffff })));
    const hex = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(':');
    fc.assert(
      fc.property(words, words, words, (network, one, other) => {
        const canonical = canonicalAddress(`${hex(network)}:${hex(one)}`);
        expect(canonicalAddress(`${hex(network)}:${hex(other)}`)).toBe(canonical);
        expect(canonicalAddress(`${hex(network.map((word) => word ^ 1))}:${hex(one)}`)).not.toBe(canonical);
      }),
    );
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.0.2.1', false],
    ['10.0.0.1', false],
    ['2001:db8::1', false],
    ['nonsense', false],
  ])('%s: %s', (address, loopback) => {
    expect(isLoopback(address)).toBe(loopback);
  });
});
