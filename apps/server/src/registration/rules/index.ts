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
  certificateSubjectIsOne,
  keysForTheirMethods,
  oneCertificateSubject,
  signingAlgorithmOfMethod,
} from './client-authentication.ts';
import { authorizationCodeWithCode, implicitWithToken } from './grants.ts';
import { keysArePublic, keysByReferenceOrByValue } from './keys.ts';
import { frontChannelLogoutStaysWithRedirects, publicClientsLogOutOverHttps } from './logout.ts';
import {
  implicitWebClientsUseHttps,
  nativeClientsStayOnTheDevice,
  redirectsAreProtected,
  redirectsLeaveTheAnswerToTheServer,
} from './redirect-uris.ts';
import { requestUrisAreProtected, requestUrisAreShort } from './request-uris.ts';
import type { Rule } from './rule.ts';
import { pairwiseBackchannelNeedsKeys, pairwiseNeedsOneSector } from './subject-types.ts';

/** The rules across members, in order of precedence: the first that is broken is reported. */
export const RULES: readonly Rule[] = [
  authorizationCodeWithCode,
  implicitWithToken,
  redirectsAreProtected,
  implicitWebClientsUseHttps,
  nativeClientsStayOnTheDevice,
  redirectsLeaveTheAnswerToTheServer,
  keysByReferenceOrByValue,
  keysArePublic,
  oneCertificateSubject,
  certificateSubjectIsOne,
  certificateAddressIsOne,
  keysForTheirMethods,
  signingAlgorithmOfMethod,
  encryptionNeedsAlgorithm,
  encryptionNeedsKeys,
  symmetricNeedsSecret,
  frontChannelIdTokensAreSigned,
  requiredSignatureIsOne,
  requestUrisAreProtected,
  requestUrisAreShort,
  pairwiseBackchannelNeedsKeys,
  pairwiseNeedsOneSector,
  deliveryModeGoesWithGrant,
  notificationsNeedEndpoint,
  frontChannelLogoutStaysWithRedirects,
  publicClientsLogOutOverHttps,
];

/** The rules that a chosen method or algorithm could break (see `choices.ts`); none of them is costly. */
const RULES_OF_CHOICES: readonly Rule[] = [
  oneCertificateSubject,
  keysForTheirMethods,
  signingAlgorithmOfMethod,
  encryptionNeedsAlgorithm,
  encryptionNeedsKeys,
  symmetricNeedsSecret,
  frontChannelIdTokensAreSigned,
  requiredSignatureIsOne,
  pairwiseNeedsOneSector,
];

/** Whether the methods and algorithms of the metadata break no rule. */
export function goTogether(metadata: ClientMetadata): boolean {
  return RULES_OF_CHOICES.every((rule) => rule.check(metadata) === undefined);
}

/** Throws the `RegistrationError` of the first rule that the metadata breaks. */
export function checkRules(metadata: ClientMetadata): void {
  for (const rule of RULES) {
    const error = rule.check(metadata);
    if (error) throw error;
  }
}
