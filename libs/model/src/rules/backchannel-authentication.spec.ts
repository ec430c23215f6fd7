import { rule } from '../../test/rule.ts';
import { CIBA_GRANT } from './backchannel-authentication.ts';

const ciba = { grant_types: [CIBA_GRANT] };
const endpoint = { backchannel_client_notification_endpoint: 'https://client.example.org/notify' };

describe('the rules of backchannel authentication', () => {
  rule('backchannel-delivery-mode', 'the grant type needs a delivery mode, and poll and ping need the grant type', {
    accepts: [
      { ...ciba, backchannel_token_delivery_mode: 'poll' },
      { ...ciba, ...endpoint, backchannel_token_delivery_mode: 'ping' },
      { ...ciba, ...endpoint, backchannel_token_delivery_mode: 'push' },
      { ...endpoint, backchannel_token_delivery_mode: 'push' },
    ],
    refuses: [
      {
        metadata: ciba,
        members: ['backchannel_token_delivery_mode', 'grant_types'],
        result: 'memberMissing',
        words: `must be present with the grant type ${CIBA_GRANT}; send poll, ping or push`,
      },
      ...[{ backchannel_token_delivery_mode: 'poll' }, { ...endpoint, backchannel_token_delivery_mode: 'ping' }].map(
        (metadata) => ({
          metadata,
          members: ['grant_types', 'backchannel_token_delivery_mode'],
          result: 'valueInvalid' as const,
          words: `lacks ${CIBA_GRANT}, which the delivery mode ${metadata.backchannel_token_delivery_mode} needs; add it`,
        }),
      ),
    ],
  });

  rule('backchannel-notification-endpoint', 'the delivery modes ping and push need a notification endpoint', {
    accepts: [
      { ...ciba, backchannel_token_delivery_mode: 'poll' },
      { ...ciba, ...endpoint, backchannel_token_delivery_mode: 'ping' },
    ],
    refuses: [{ ...ciba, backchannel_token_delivery_mode: 'ping' }, { backchannel_token_delivery_mode: 'push' }].map(
      (metadata) => ({
        metadata,
        members: ['backchannel_client_notification_endpoint', 'backchannel_token_delivery_mode'],
        result: 'notificationEndpointMissing' as const,
        words: "'backchannel_client_notification_endpoint' must be present",
      }),
    ),
  });
});
