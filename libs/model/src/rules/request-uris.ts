import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { OIDC_CLIENT_METADATA, OIDC_REQUEST_URI } from '../wire/specs.ts';
import { quote } from '../text/quote.ts';
import type { Rule } from './rule.ts';

/** A request URI MUST use https, unless the request object behind it is signed so that the server can verify it. */
export const requestUrisAreProtected: Rule = {
  /** A request URI uses https, or its request objects are signed. */
  id: 'request-uri-http',
  specification: OIDC_CLIENT_METADATA,
  reads: ['request_uris', 'request_object_signing_alg', 'require_signed_request_object'],
  check(client) {
    if (signsRequestObjects(client.metadata)) return undefined;
    const wrong = client.urisOf('request_uris').find(({ uri }) => uri.scheme === 'http');
    if (wrong === undefined) return undefined;
    return {
      result: 'httpRefused',
      members: [wrong.at],
      says: `${quote(wrong.text)} uses http; use https, or register a request_object_signing_alg other than none.`,
    };
  },
};

function signsRequestObjects({
  request_object_signing_alg: algorithm = 'none',
  require_signed_request_object: required,
}: ClientMetadata): boolean {
  return algorithm !== 'none' || required === true;
}

const LONGEST_REQUEST_URI = 512;

/** A request URI MUST NOT be longer than 512 characters. */
export const requestUrisAreShort: Rule = {
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
      says: `${quote(uri)} has ${uri.length} characters; send at most ${LONGEST_REQUEST_URI}.`,
    };
  },
};
