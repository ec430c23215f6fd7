import { quote } from '../text/quote.ts';
import { OIDC_CLIENT_METADATA, OIDC_REQUEST_URI } from '../wire/specs.ts';
import type { Rule } from './rule.ts';

const LONGEST_REQUEST_URI = 512;

export const REQUEST_URI_RULES: readonly Rule[] = [
  {
    /** A request URI uses https, or its request objects are signed. */
    id: 'request-uri-http',
    specification: OIDC_CLIENT_METADATA,
    reads: ['request_uris', 'request_object_signing_alg', 'require_signed_request_object'],
    check(client) {
      const { request_object_signing_alg: algorithm = 'none', require_signed_request_object: required } =
        client.metadata;
      if (algorithm !== 'none' || required === true) return undefined;
      const found = client.urisOf('request_uris').find(({ uri }) => uri.scheme === 'http');
      if (found === undefined) return undefined;
      return {
        result: 'httpRefused',
        members: [found.at],
        detail: `${quote(found.text)} uses http; use https, or register a request_object_signing_alg other than none.`,
      };
    },
  },
  {
    /** A request URI has at most 512 characters. */
    id: 'request-uri-length',
    specification: OIDC_REQUEST_URI,
    reads: ['request_uris'],
    check({ metadata: { request_uris = [] } }) {
      const at = request_uris.findIndex((uri) => uri.length > LONGEST_REQUEST_URI);
      if (at === -1) return undefined;
      const uri = request_uris[at] ?? '';
      return {
        result: 'valueTooLong',
        members: [`request_uris[${at}]`],
        detail: `${quote(uri)} has ${uri.length} characters; send at most ${LONGEST_REQUEST_URI}.`,
      };
    },
  },
];
