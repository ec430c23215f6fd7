/** The public key of RFC 7515 appendix A.3. */
export const EC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const;

/** A modulus of 2048 bits. */
export const RSA_KEY = {
  kty: 'RSA',
  e: 'AQAB',
  n: [
    'x-7Atskm3kQCUM7wlY5cAVX2sU96q9HM2ln4AtdQiskNwAUBGyvcnlVKgTq9SEFLTAHqClaaA1iRIinr9JQT_psVh_C96sJKVPH2',
    'IzLZGUVr1WxrQsLjFIhfAIianvP3mX7MXuVDx3jM4aWDxylw3ev1zyAovMKtxoohq7MkAZEEmbzljdLHL7atCpO6KMckKZDYXIv4',
    '11kgW7ukVt1dmrlimsNrYlQYpXIZDsquE8AEBtTNi72uuZvzUWu6Uwe_4cYYQxRosBr3sqG5q_-L1DzH5WY9AZqhJ_3Rf-rgzBGN',
    's6OmVMioZBI8PjCciD1WobOm0Cv5C_EMp-wjOzvZUw',
  ].join(''),
} as const;

export const ED25519_KEY = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;

/** A DER sequence, which is accepted as a certificate. */
export const CERTIFICATE = 'MAMCAQE=';

export function keySet(...keys: object[]): { keys: object[] } {
  return { keys };
}

/** A JWK Set with a P-256 key for signatures and encryption. */
export const JWKS = keySet(EC_KEY);

export const JWKS_URI = 'https://client.example.org/jwks.json';
