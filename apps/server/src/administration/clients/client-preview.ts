import type { ClientPreview } from '@clientele/model/metadata';
import type { Difference } from '../../changes/change.ts';
import { differencesOf } from '../../changes/difference.ts';
import { sealedDifferences } from '../../changes/entry.ts';
import type { StoredClient } from '../../clients/client.ts';
import { entityTag } from '../../clients/entity-tag.ts';
import type { Service } from '../../services/service.ts';

/** The preview of a change from one version of a client to the next, with the differences that the log would contain. */
export function previewOf(service: Service, current: StoredClient | undefined, next: StoredClient): ClientPreview {
  const differences = sealedDifferences(
    { before: current?.document.text ?? null, after: next.document.text },
    otherDifferences(current, next),
  );
  if (current === undefined) return { outcome: 'created', differences: [...differences] };
  return {
    outcome: differences.length > 0 ? 'changed' : 'unchanged',
    etag: entityTag(current, service, 'limited'),
    differences: [...differences],
  };
}

/** The differences outside the document. A difference of a credential has no values. */
function otherDifferences(current: StoredClient | undefined, next: StoredClient): readonly Difference[] {
  const { secrets } = next.credentials;
  const secretChanges = current === undefined ? secrets.length > 0 : secrets !== current.credentials.secrets;
  return [
    ...differencesOf(current?.identifiers ?? {}, next.identifiers),
    ...differencesOf(current?.administration ?? {}, next.administration),
    ...(secretChanges ? [{ member: 'client_secret' }] : []),
  ];
}
