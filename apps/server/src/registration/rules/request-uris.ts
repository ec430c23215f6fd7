import type { ClientMetadata } from '@clientele/model/metadata';
import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

/** A request URI MUST use https, unless the request object behind it is signed so that the server can verify it. */
export const requestUrisAreProtected: Rule = {
  spec: 'https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata',
  check: (metadata) =>
    metadata.request_uris?.some((uri) => /^http:/i.test(uri)) === true && !signsRequestObjects(metadata)
      ? invalidMetadata('httpRefused', {
          member: 'request_uris',
          expected: "http needs a 'request_object_signing_alg' other than 'none', or 'require_signed_request_object'.",
        })
      : undefined,
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
  spec: 'https://openid.net/specs/openid-connect-core-1_0.html#RequestUriParameter',
  check: ({ request_uris = [] }) =>
    request_uris.some((uri) => uri.length > LONGEST_REQUEST_URI)
      ? invalidMetadata('valueTooLong', { member: 'request_uris', expected: LONGEST_REQUEST_URI })
      : undefined,
};
