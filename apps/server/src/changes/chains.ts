import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { Database, type Row, type Statement } from '../database/database.ts';
import { ownerOf } from '../database/table.ts';
import { AUDIT_CHAIN_TABLE } from './change-tables.ts';
import { macOf, NO_MAC } from './mac.ts';

/** The chain of changes that belong to no service. */
export const INSTALLATION = 0;

/** The end of a chain. */
export interface ChainHead {
  readonly serviceId: number;
  readonly epoch: number;
  /** The number of the last entry; 0 for none. */
  readonly sequence: number;
  /** The `mac` of the last entry. */
  readonly mac: string;
  /** The number of clients of the service. */
  readonly clients: number;
}

/** Proves that a server wrote the head of a chain. */
export function sealOf(key: KeyObject, { serviceId, epoch, sequence, mac, clients }: ChainHead): string {
  return macOf(key, ['clientele-chain-v1', serviceId, epoch, sequence, mac, clients]);
}

/** The columns of a head and its seal. */
export const HEAD_COLUMNS = 'service_id, epoch, sequence, mac, seal, clients';

export function headIn(row: Row): ChainHead {
  return {
    serviceId: Number(row.service_id),
    epoch: Number(row.epoch),
    sequence: Number(row.sequence),
    mac: String(row.mac),
    clients: Number(row.clients),
  };
}

/** Whether a server wrote the head in the row of a chain. */
export function isSealed(key: KeyObject, row: Row): boolean {
  return row.seal === sealOf(key, headIn(row));
}

/** The key of a chain from its row. */
export function chainKeyIn(row: Row, encryption: SecretEncryption): KeyObject {
  return keyOf(encryption.decrypt(String(row.chain_key), ownerOf(AUDIT_CHAIN_TABLE, row)));
}

function keyOf(text: string): KeyObject {
  return createSecretKey(text, 'base64url');
}

/** A new chain: its key, and the statement that stores it unless there is one. */
export function newChain(serviceId: number, encryption: SecretEncryption): { key: KeyObject; statement: Statement } {
  const secret = randomBytes(32).toString('base64url');
  const key = keyOf(secret);
  const head: ChainHead = { serviceId, epoch: 1, sequence: 0, mac: NO_MAC, clients: 0 };
  const owner = ownerOf(AUDIT_CHAIN_TABLE, { service_id: serviceId });
  return {
    key,
    statement: {
      sql: `INSERT INTO audit_chain (service_id, epoch, sequence, mac, seal, clients, chain_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      values: [
        serviceId,
        head.epoch,
        head.sequence,
        head.mac,
        sealOf(key, head),
        head.clients,
        encryption.encrypt(secret, owner),
      ],
      required: true,
    },
  };
}

/** The keys of the chains. The key of a chain never changes, so each process remembers it. Throws `StoreUnavailableError`. */
@Injectable()
export class ChainKeys {
  private readonly keys = new Map<number, Promise<KeyObject>>();

  constructor(
    private readonly database: Database,
    private readonly encryption: SecretEncryption,
  ) {}

  of(serviceId: number): Promise<KeyObject> {
    let key = this.keys.get(serviceId);
    if (key === undefined) {
      key = this.read(serviceId);
      this.keys.set(serviceId, key);
      key.catch(() => this.keys.delete(serviceId));
    }
    return key;
  }

  /** The key in the row of a chain. */
  keyIn(row: Row): KeyObject {
    return chainKeyIn(row, this.encryption);
  }

  forget(): void {
    this.keys.clear();
  }

  private async read(serviceId: number): Promise<KeyObject> {
    const find = { sql: 'SELECT service_id, chain_key FROM audit_chain WHERE service_id = $1', values: [serviceId] };
    let [row] = await this.database.read(find);
    if (row === undefined && serviceId === INSTALLATION) {
      await this.database.write(newChain(serviceId, this.encryption).statement);
      [row] = await this.database.read(find);
    }
    if (row === undefined) throw new Error(`The service ${serviceId} has no audit chain.`);
    return this.keyIn(row);
  }
}
