/** The sections of OpenID Connect that rules point at, by the document and the anchor in it. */
const SECTIONS: Readonly<Record<string, string>> = {
  'openid-connect-registration-1_0.html#ClientMetadata': 'OpenID Connect Registration section 2',
  'openid-connect-core-1_0.html#PairwiseAlg': 'OpenID Connect Core section 8.1',
};

/** The section at an address, as titles of tests name it: `RFC 7591 section 2.1`; the address itself if nobody needs the name. */
export function sectionAt(address: string): string {
  const [, rfc, section] = /rfc(\d+)\.html#section-([\d.]+)$/.exec(address) ?? [];
  if (rfc !== undefined && section !== undefined) return `RFC ${rfc} section ${section}`;
  return SECTIONS[address.slice(address.lastIndexOf('/') + 1)] ?? address;
}
