import { JWKS, JWKS_URI, keySet } from '../../test/keys.ts';
import { rule } from '../../test/rule.ts';

describe('the rules of key sources', () => {
  rule('keys-one-source', 'a client has jwks or jwks_uri, not both', {
    accepts: [{ jwks: JWKS }, { jwks_uri: JWKS_URI }, { jwks: keySet() }, { jwks: JWKS, jwks_uri: null }],
    refuses: [
      {
        metadata: { jwks: JWKS, jwks_uri: JWKS_URI },
        members: ['jwks', 'jwks_uri'],
        result: 'keySourcesConflict',
        words: "cannot have both 'jwks_uri' and 'jwks'",
      },
    ],
  });
});
