import { JWE_ALG, JWE_ENC, JWS_ALG } from '@clientele/model/metadata';
import { newService } from '../service/service.ts';
import { readMetadata } from './registration-metadata.ts';

it('takes each redirect URI apart a few times, however many values there are to choose from', () => {
  const names = ['id_token', 'userinfo', 'introspection', 'authorization'];
  const lists = names.flatMap((name) => [
    [`${name}_signing_alg_values_supported`, Object.keys(JWS_ALG)],
    [`${name}_encryption_alg_values_supported`, Object.keys(JWE_ALG)],
    [`${name}_encryption_enc_values_supported`, Object.keys(JWE_ENC)],
  ]);
  const redirect_uris = Array.from({ length: 100 }, (_, i) => `https://xn--bcher-kva.h${i}.example/`);
  let parsed = 0;
  const Original = globalThis.URL;
  globalThis.URL = class extends Original {
    constructor(url: string) {
      super(url);
      parsed++;
    }
  } as typeof URL;

  try {
    expect(() =>
      readMetadata(newService(1, 1, 0), { ...Object.fromEntries(lists), subject_type: 'pairwise', redirect_uris }),
    ).toThrow('A204312');
  } finally {
    globalThis.URL = Original;
  }
  expect(parsed).toBeLessThanOrEqual(3 * redirect_uris.length);
});
