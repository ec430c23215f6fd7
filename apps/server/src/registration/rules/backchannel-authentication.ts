import type { ClientMetadata } from '@clientele/model/metadata';
import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

const CIBA_REGISTRATION =
  'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#registration';
const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** Whether the client uses CIBA: by the grant type, or by push, which needs none. */
export function usesBackchannelAuthentication({
  grant_types = [],
  backchannel_token_delivery_mode: mode,
}: ClientMetadata): boolean {
  return grant_types.includes(CIBA_GRANT) || mode === 'push';
}

/** A client that uses CIBA MUST say how tokens are delivered; only push does without the grant type. */
export const deliveryModeGoesWithGrant: Rule = {
  spec: CIBA_REGISTRATION,
  check({ backchannel_token_delivery_mode: mode, grant_types = [] }) {
    const granted = grant_types.includes(CIBA_GRANT);
    if (granted && mode === undefined) {
      return invalidMetadata('memberMissing', {
        member: 'backchannel_token_delivery_mode',
        expected: `it goes with the grant type ${CIBA_GRANT}.`,
      });
    }
    if (!granted && (mode === 'poll' || mode === 'ping')) {
      return invalidMetadata('valueInvalid', {
        member: 'grant_types',
        expected: `the delivery modes poll and ping need ${CIBA_GRANT}.`,
      });
    }
    return undefined;
  },
};

/** The delivery modes ping and push need an endpoint of the client. */
export const notificationsNeedEndpoint: Rule = {
  spec: CIBA_REGISTRATION,
  check: ({ backchannel_token_delivery_mode: mode, backchannel_client_notification_endpoint: endpoint }) =>
    (mode === 'ping' || mode === 'push') && endpoint === undefined
      ? invalidMetadata('notificationEndpointMissing')
      : undefined,
};
