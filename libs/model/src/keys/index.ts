/** Checks of public JSON Web Keys without a crypto library, for servers and browsers. */
export { isSymmetric } from './algorithms.ts';
export { keyProblem } from './key-problem.ts';
export { KEY_RULES, type JsonKey, type KeyProblem, type KeyRule } from './key-rules.ts';
export { canEncrypt, canVerify } from './key-use.ts';
