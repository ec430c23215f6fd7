import type { KeyObject } from 'node:crypto';
import { chainKeyIn, isSealed } from '../changes/chains.ts';
import type { ChangedBy } from '../changes/change.ts';
import { stateOf } from '../changes/mac.ts';
import { inEpoch, newEpoch } from '../changes/new-epoch.ts';
import { pendingStatement, pendingValues } from '../changes/pending-changes.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Row, Statement } from '../database/database.ts';
import { TransferError } from './transfer-file.ts';

interface Import {
  readonly serviceId: number;
  readonly encryption: SecretEncryption;
  readonly by: ChangedBy;
}

/**
 * The chain of an imported service in a new epoch, because the first store may still number its own entries, and the statement that
 * logs the import. Throws `TransferError` if the end of the chain is not as a server wrote it.
 */
export function continuedLog(
  service: Row,
  exportedChain: Row,
  { serviceId, encryption, by }: Import,
): { readonly chain: Row; readonly logged: Statement } {
  const chain = { ...exportedChain, service_id: serviceId };
  const key = keyOfSealed(chain, encryption);
  if (key === undefined)
    throw new TransferError(
      "The end of the service's log in the file is not as a server wrote it. Run 'clientele audit verify' on the first store.",
    );
  const values = pendingValues(
    key,
    { action: 'service.imported', subject: { type: 'service', id: String(serviceId) }, ...by },
    { serviceId, at: Date.now(), state: stateOf([service.properties ?? null]) },
  );
  return { chain: inEpoch(key, chain, newEpoch()), logged: pendingStatement(values) };
}

/** The key of a chain; `undefined` if no server wrote its head. */
function keyOfSealed(chain: Row, encryption: SecretEncryption): KeyObject | undefined {
  try {
    const key = chainKeyIn(chain, encryption);
    return isSealed(key, chain) ? key : undefined;
  } catch {
    // The key of the chain cannot be decrypted: it was changed, or is of another service.
    return undefined;
  }
}
