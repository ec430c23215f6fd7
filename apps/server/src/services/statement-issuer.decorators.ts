import { canVerify, isJsonObject, type JsonObject } from '@clientele/model/metadata';
import { ArrayUnique, ValidateBy } from 'class-validator';
import { isLoopbackHost } from '../config/hosts.ts';

/** The URL of keys, which are fetched over https. Development may use http on this machine (`ALLOW_LOOPBACK_FETCH`). */
export function IsFetchable(): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const { protocol, hostname } = new URL(value);
    return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
  };
  return ValidateBy({ name: 'isFetchable', validator: { validate, defaultMessage: () => '$property must use https' } });
}

/** Algorithms that the keys of the issuer can verify. The server knows only those in `jwks`. */
export function AreVerifiable(): PropertyDecorator {
  return ValidateBy({
    name: 'areVerifiable',
    validator: {
      validate: (_value, details) => keysProblem(details?.object as JsonObject) === undefined,
      defaultMessage: (details) => keysProblem(details?.object as JsonObject) ?? '',
    },
  });
}

/** Issuers with different names, because a software statement names only its issuer. */
export function AreDistinct(): PropertyDecorator {
  const nameOf = (issuer: unknown): unknown => (isJsonObject(issuer) ? issuer.issuer : issuer);
  return ArrayUnique(nameOf, { message: '$property must not contain the same issuer twice' });
}

/** Why no statement of an issuer could be verified; `undefined` if one could be. Other rules judge the form of the members. */
function keysProblem({ issuer, jwks, jwksUri, algorithms }: JsonObject): string | undefined {
  if (jwks === undefined)
    return jwksUri === undefined ? `the issuer ${String(issuer)} must have jwks or jwksUri` : undefined;
  const keys: unknown = isJsonObject(jwks) ? jwks.keys : undefined;
  if (!Array.isArray(keys) || !Array.isArray(algorithms)) return undefined;
  const isVerifiable = keys.some((key) => algorithms.some((each) => canVerify(key as JsonObject, String(each))));
  return isVerifiable
    ? undefined
    : `algorithms: no key in jwks of the issuer ${String(issuer)} can verify ${algorithms.join(', ')}`;
}
