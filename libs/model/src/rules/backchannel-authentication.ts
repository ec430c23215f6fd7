import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { CIBA_REGISTRATION } from '../wire/specs.ts';
import type { Rule } from './rule.ts';

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

/** Whether the client uses CIBA: it has the grant type, or the delivery mode push, which needs no grant type. */
export function usesBackchannelAuthentication({
  grant_types = [],
  backchannel_token_delivery_mode: mode,
}: ClientMetadata): boolean {
  return grant_types.includes(CIBA_GRANT) || mode === 'push';
}

export const BACKCHANNEL_AUTHENTICATION_RULES: readonly Rule[] = [
  {
    /** The grant type of backchannel authentication needs a delivery mode, and poll and ping need the grant type. */
    id: 'backchannel-delivery-mode',
    specification: CIBA_REGISTRATION,
    reads: ['backchannel_token_delivery_mode', 'grant_types'],
    check({ metadata: { backchannel_token_delivery_mode: mode, grant_types = [] } }) {
      const granted = grant_types.includes(CIBA_GRANT);
      if (granted && mode === undefined) {
        return {
          result: 'memberMissing',
          members: ['backchannel_token_delivery_mode', 'grant_types'],
          detail: `must be present with the grant type ${CIBA_GRANT}; send poll, ping or push.`,
        };
      }
      if (!granted && (mode === 'poll' || mode === 'ping')) {
        return {
          result: 'valueInvalid',
          members: ['grant_types', 'backchannel_token_delivery_mode'],
          detail: `lacks ${CIBA_GRANT}, which the delivery mode ${mode} needs; add it.`,
        };
      }
      return undefined;
    },
  },
  {
    /** The delivery modes ping and push need a notification endpoint. */
    id: 'backchannel-notification-endpoint',
    specification: CIBA_REGISTRATION,
    reads: ['backchannel_token_delivery_mode', 'backchannel_client_notification_endpoint'],
    check: ({
      metadata: { backchannel_token_delivery_mode: mode, backchannel_client_notification_endpoint: endpoint },
    }) =>
      (mode === 'ping' || mode === 'push') && endpoint === undefined
        ? {
            result: 'notificationEndpointMissing',
            members: ['backchannel_client_notification_endpoint', 'backchannel_token_delivery_mode'],
          }
        : undefined,
  },
];
