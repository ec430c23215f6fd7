import { decideOn } from '../../test/decisions.ts';
import { RESULTS } from '../wire/result-codes.ts';
import { ADVICE } from './advice.ts';

const CALLBACK = 'https://client.example.org/callback';

interface Examples {
  readonly silent: readonly object[];
  readonly advised: readonly (readonly [metadata: object, member: string, words: string])[];
}

const EXAMPLES: Readonly<Record<string, Examples>> = {
  'advice-localhost': {
    silent: [{ redirect_uris: [CALLBACK, 'http://127.0.0.1/', 'http://[::1]/'] }, {}],
    advised: [[{ redirect_uris: [CALLBACK, 'http://localhost/'] }, 'redirect_uris[1]', '127.0.0.1 or [::1]']],
  },
  'advice-scheme-without-domain': {
    silent: [{ redirect_uris: [CALLBACK] }, { redirect_uris: ['com.example.app:/callback', 'http://127.0.0.1/'] }],
    advised: [[{ redirect_uris: ['com.example.app:/', 'cursor://x'] }, 'redirect_uris[1]', 'such as com.example.app']],
  },
  'advice-grant-types': {
    silent: [{ redirect_uris: [CALLBACK] }, { grant_types: ['client_credentials'] }],
    advised: [
      [
        { redirect_uris: [CALLBACK], response_types: ['code', 'token'] },
        'grant_types[1]',
        '"implicit" exposes tokens or passwords',
      ],
      [{ grant_types: ['password'] }, 'grant_types[0]', 'authorization_code with PKCE is recommended'],
    ],
  },
};

describe('advice', () => {
  it('has examples for everything that is recommended', () => {
    expect(Object.keys(EXAMPLES)).toEqual(ADVICE.map(({ id }) => id));
  });

  describe.each(Object.entries(EXAMPLES))('%s', (id, { silent, advised }) => {
    const adviceOn = (metadata: object) => decideOn(metadata).findings.filter(({ rule }) => rule === id);

    it.each(silent.map((metadata) => [metadata]))('has nothing to say about %j', (metadata) => {
      expect(adviceOn(metadata)).toEqual([]);
    });

    it.each(advised)('is given about %j and refuses nothing', (metadata, member, words) => {
      expect(decideOn(metadata).accepted).toBe(true);
      expect(adviceOn(metadata)).toEqual([
        {
          rule: id,
          severity: 'advice',
          members: [member],
          resultCode: RESULTS.advice.code,
          message: expect.stringContaining(words) as string,
          specification: ADVICE.find((one) => one.id === id)?.specification,
        },
      ]);
    });

    it.each(advised)('is not given about %j if only the first refusal is asked for', (metadata) => {
      expect(decideOn(metadata, { findings: 'first' }).findings).toEqual([]);
    });
  });
});
