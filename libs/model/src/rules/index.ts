import {
  encryptionNeedsAlgorithm,
  frontChannelIdTokensAreSigned,
  requiredRequestObjectsAreSigned,
  signingAlgorithmOfMethod,
  symmetricNeedsSecret,
} from './algorithms.ts';
import { deliveryModeGoesWithGrant, notificationsNeedEndpoint } from './backchannel-authentication.ts';
import {
  certificateAddressIsValid,
  certificateSubjectIsDistinguishedName,
  oneCertificateSubject,
} from './client-certificates.ts';
import {
  authorizationCodeWithCode,
  implicitWithToken,
  publicClientsHaveNoCredentials,
  refreshTokenComesWithAnotherGrant,
} from './grants.ts';
import {
  keysByReferenceOrByValue,
  keysForAuthentication,
  keysForEncryption,
  keysForRequiredSignatures,
  keysForSignatures,
} from './keys.ts';
import { frontChannelLogoutStaysWithRedirects, publicClientsLogOutOverHttps } from './logout.ts';
import { implicitWebClientsUseHttps, nativeClientsStayOnTheDevice, redirectUrisPresent } from './redirect-uris.ts';
import { requestUrisAreProtected, requestUrisAreShort } from './request-uris.ts';
import type { Rule } from './rule.ts';
import { pairwiseBackchannelNeedsKeys, pairwiseNeedsOneSector } from './subject-types.ts';

/** The rules across members, in order of precedence: the first that is broken is reported first. */
export const RULES: readonly Rule[] = [
  redirectUrisPresent,
  authorizationCodeWithCode,
  implicitWithToken,
  refreshTokenComesWithAnotherGrant,
  publicClientsHaveNoCredentials,
  implicitWebClientsUseHttps,
  nativeClientsStayOnTheDevice,
  keysByReferenceOrByValue,
  oneCertificateSubject,
  certificateSubjectIsDistinguishedName,
  certificateAddressIsValid,
  keysForAuthentication,
  signingAlgorithmOfMethod,
  ...encryptionNeedsAlgorithm,
  ...keysForEncryption,
  ...symmetricNeedsSecret,
  frontChannelIdTokensAreSigned,
  requiredRequestObjectsAreSigned,
  ...keysForSignatures,
  keysForRequiredSignatures,
  requestUrisAreProtected,
  requestUrisAreShort,
  pairwiseBackchannelNeedsKeys,
  pairwiseNeedsOneSector,
  deliveryModeGoesWithGrant,
  notificationsNeedEndpoint,
  frontChannelLogoutStaysWithRedirects,
  ...publicClientsLogOutOverHttps,
];
