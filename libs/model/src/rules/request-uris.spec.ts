import { rule } from '../../test/rule.ts';
import { JWKS } from '../../test/keys.ts';

const http = { request_uris: ['https://client.example.org/a#b', 'http://client.example.org/request'] };

describe('the rules of request URIs', () => {
  rule('request-uri-http', 'a request URI uses https, or its request object is signed', {
    accepts: [
      { request_uris: ['https://client.example.org/request#47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'] },
      { ...http, request_object_signing_alg: 'RS256' },
      { ...http, require_signed_request_object: true },
      { ...http, request_object_signing_alg: 'ES256', jwks: JWKS },
    ],
    refuses: [http, { ...http, request_object_signing_alg: 'none' }].map((metadata) => ({
      metadata,
      members: ['request_uris[1]'],
      result: 'httpRefused' as const,
      words: '"http://client.example.org/request" uses http; use https, or register a request_object_signing_alg',
    })),
  });

  const uriOf = (length: number) => `https://client.example.org/${'x'.repeat(length - 27)}`;

  rule('request-uri-length', 'a request URI has at most 512 characters', {
    accepts: [{ request_uris: [uriOf(512)] }],
    refuses: [
      {
        metadata: { request_uris: [uriOf(512), uriOf(513)] },
        members: ['request_uris[1]'],
        result: 'valueTooLong',
        words: 'has 513 characters; send at most 512',
      },
    ],
  });
});
