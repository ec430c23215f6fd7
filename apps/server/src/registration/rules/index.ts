import type { ClientMetadata } from '@clientele/model/metadata';
import {
  encryptionNeedsAlgorithm,
  encryptionNeedsKeys,
  frontChannelIdTokensAreSigned,
  requiredSignatureIsOne,
  symmetricNeedsSecret,
} from './algorithms.ts';
import { deliveryModeGoesWithGrant, notificationsNeedEndpoint } from './backchannel-authentication.ts';
import {
  certificateAddressIsOne,
  keysForTheirMethods,
  oneCertificateSubject,
  signingAlgorithmOfMethod,
} from './client-authentication.ts';
import { authorizationCodeWithCode, implicitWithToken } from './grants.ts';
import { keysArePublic, keysByReferenceOrByValue } from './keys.ts';
import { frontChannelLogoutStaysWithRedirects, publicClientsLogOutOverHttps } from './logout.ts';
import { implicitWebClientsUseHttps, nativeClientsStayOnTheDevice } from './redirect-uris.ts';
import type { Rule } from './rule.ts';
import { pairwiseNeedsOneSector } from './subject-types.ts';

/** The rules across members, in order of precedence: the first that is broken is reported. */
export const RULES: readonly Rule[] = [
  authorizationCodeWithCode,
  implicitWithToken,
  implicitWebClientsUseHttps,
  nativeClientsStayOnTheDevice,
  keysByReferenceOrByValue,
  keysArePublic,
  oneCertificateSubject,
  certificateAddressIsOne,
  keysForTheirMethods,
  signingAlgorithmOfMethod,
  encryptionNeedsAlgorithm,
  encryptionNeedsKeys,
  symmetricNeedsSecret,
  frontChannelIdTokensAreSigned,
  requiredSignatureIsOne,
  pairwiseNeedsOneSector,
  deliveryModeGoesWithGrant,
  notificationsNeedEndpoint,
  frontChannelLogoutStaysWithRedirects,
  publicClientsLogOutOverHttps,
];

/** Throws the `RegistrationError` of the first rule that the metadata breaks. */
export function checkRules(metadata: ClientMetadata): void {
  for (const rule of RULES) {
    const error = rule.check(metadata);
    if (error) throw error;
  }
}
