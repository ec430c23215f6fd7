import { canVerify, isSymmetric, type JsonKey } from '../keys/index.ts';
import { FIELDS, type FieldName } from '../metadata/client-metadata.ts';
import type { AlgorithmUse } from '../metadata/field.ts';
import { ASYMMETRIC_ALG } from '../metadata/values.ts';
import type { ClientFacts } from './client-facts.ts';

/** The members whose algorithm has such a use. */
export function membersWith(isSuch: (use: AlgorithmUse) => boolean): readonly FieldName[] {
  return FIELDS.flatMap(([name, { algorithm }]) => (algorithm !== undefined && isSuch(algorithm) ? [name] : []));
}

/** The members that name an algorithm which may use the client secret as its key. */
export const ALGORITHM_MEMBERS = membersWith((use) => !('contentOf' in use));

/** The algorithm that a member names, if it uses a key pair. */
export function keyPairAlgorithm({ metadata }: ClientFacts, member: FieldName): string | undefined {
  const algorithm = metadata[member] as string | undefined;
  return algorithm === undefined || algorithm === 'none' || isSymmetric(algorithm) ? undefined : algorithm;
}

const ASYMMETRIC = Object.keys(ASYMMETRIC_ALG);

/** Whether signatures can be verified with a key, under any algorithm. */
export function canVerifyAny(key: JsonKey): boolean {
  return ASYMMETRIC.some((algorithm) => canVerify(key, algorithm));
}
