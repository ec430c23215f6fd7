/** The sections of OpenID Connect that rules name, by document and anchor. */
const SECTIONS: Readonly<Record<string, string>> = {
  'openid-connect-registration-1_0.html#ClientMetadata': 'OpenID Connect Registration section 2',
  'openid-connect-core-1_0.html#PairwiseAlg': 'OpenID Connect Core section 8.1',
};

/** The section at an address as in test titles: `RFC 7591 section 2.1`. The address itself if it has no name here. */
export function sectionAt(address: string): string {
  const [, rfc, section] = /rfc(\d+)\.html#section-([\d.]+)$/.exec(address) ?? [];
  if (rfc !== undefined && section !== undefined) return `RFC ${rfc} section ${section}`;
  return SECTIONS[address.slice(address.lastIndexOf('/') + 1)] ?? address;
}
