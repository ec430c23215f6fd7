import { hashOfDocument, stateOf } from '../changes/mac.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
import type { Row } from '../database/database.ts';
import { hashToken } from '../crypto/token.ts';
import { ownerOf } from '../database/table.ts';
import type { ClientColumns, ClientRow } from './client-sql.ts';
import { CLIENT_TABLE, lockedColumn, type ClientColumn } from './client-tables.ts';
import { hashOfSearchable } from './client-terms.ts';
import { ClientDocument } from './client-document.ts';
import type {
  Administration,
  ClientSecret,
  ClientSource,
  Credentials,
  FoundClient,
  FoundHead,
  Identifiers,
  RegistrationOrigin,
  SecretDigest,
  StoredClient,
} from './client.ts';

const NOTHING: object = Object.freeze({});
const NO_SECRETS: readonly ClientSecret[] = Object.freeze([]);

/** The columns of a client. The secrets are encrypted only if they are written. */
export function columnsOf(client: StoredClient, secrets: string | null): ClientColumns {
  const { document, administration, provenance } = client;
  const { registrationAccessToken: token } = client.credentials;
  return {
    service_id: client.serviceId,
    client_id: client.clientId,
    identifiers: textOf(client.identifiers),
    version: client.version,
    created_at: client.createdAt,
    modified_at: client.modifiedAt,
    metadata: document.text,
    search_hash: hashOfSearchable(client),
    administration: textOf(administration),
    locked: lockedColumn(administration),
    secrets,
    secret_digests: digestsColumn(client.credentials),
    registration_access_token_hash: token?.hash ?? null,
    previous_token_hash: token?.previous?.hash ?? null,
    previous_token_until: token?.previous?.until ?? null,
    source: provenance.source,
    registration: textOf(provenance.registration),
    last_used_at: provenance.lastUsedAt,
    unused_since: provenance.unusedSince ?? null,
    update_day: provenance.updates.day,
    update_count: provenance.updates.count,
  };
}

/** The column of the secrets. */
export function secretsColumn(client: StoredClient, encryption: SecretEncryption): string | null {
  const { secrets } = client.credentials;
  if (secrets.length === 0) return null;
  return encryption.encrypt(JSON.stringify(secrets), ownerOf(CLIENT_TABLE, keyOf(client)));
}

/** The column of the digests. Those of a row are not computed again, because that would decrypt the secrets. */
function digestsColumn(credentials: Credentials): string | null {
  return credentials instanceof StoredCredentials ? credentials.digestsColumn : digestsOf(credentials.secrets);
}

function digestsOf(secrets: readonly ClientSecret[]): string | null {
  const digests = secrets.map(({ value, scheme, generated, createdAt, expiresAt }): SecretDigest => ({
    ...(generated && scheme === undefined && { sha256: hashToken(value) }),
    createdAt,
    ...(expiresAt !== undefined && { expiresAt }),
  }));
  return digests.length === 0 ? null : JSON.stringify(digests);
}

/** A client from a row. */
export function clientOf(row: ClientRow, encryption: SecretEncryption): FoundClient {
  return Object.assign(headOf(row, encryption), { document: ClientDocument.stored(row.metadata as string) });
}

/** A client without its document, from a row that may lack it. */
export function headOf(row: ClientRow, encryption: SecretEncryption): FoundHead & Pick<FoundClient, 'secretDigests'> {
  let identifiers: Identifiers | undefined;
  let administration: Administration | undefined;
  let registration: RegistrationOrigin | undefined;
  return {
    serviceId: Number(row.service_id),
    clientId: Number(row.client_id),
    version: Number(row.version),
    createdAt: Number(row.created_at),
    modifiedAt: Number(row.modified_at),
    credentials: new StoredCredentials(row, encryption),
    searchHash: row.search_hash as string,
    provenance: {
      source: row.source as ClientSource,
      get registration() {
        return (registration ??= partIn(row.registration));
      },
      lastUsedAt: Number(row.last_used_at),
      unusedSince: row.unused_since === null ? undefined : Number(row.unused_since),
      updates: { day: Number(row.update_day), count: Number(row.update_count) },
    },
    // JSON is parsed only after authentication, so that a wrong token takes the same time for every client.
    get identifiers() {
      return (identifiers ??= partIn(row.identifiers));
    },
    get administration() {
      return (administration ??= partIn(row.administration));
    },
    get secretDigests() {
      const { secret_digests: digests } = row;
      return digests === null ? [] : (JSON.parse(digests as string) as SecretDigest[]);
    },
  };
}

/** The credentials of a row. The secrets are decrypted only after authentication, for the same reason. */
class StoredCredentials implements Credentials {
  readonly registrationAccessToken: Credentials['registrationAccessToken'];
  private decrypted: readonly ClientSecret[] | undefined;

  constructor(
    private readonly row: ClientRow,
    private readonly encryption: SecretEncryption,
  ) {
    const { registration_access_token_hash: hash, previous_token_hash: previous, previous_token_until: until } = row;
    if (hash === null) return;
    this.registrationAccessToken = {
      hash: hash as string,
      ...(previous !== null && { previous: { hash: previous as string, until: Number(until) } }),
    };
  }

  get digestsColumn(): string | null {
    return this.row.secret_digests as string | null;
  }

  get secrets(): readonly ClientSecret[] {
    const { secrets } = this.row;
    if (secrets === null) return NO_SECRETS;
    const owner = ownerOf(CLIENT_TABLE, this.row);
    return (this.decrypted ??= JSON.parse(this.encryption.decrypt(secrets as string, owner)) as ClientSecret[]);
  }
}

/** Whether the secrets of a row are those of its digests, which its state covers. Throws if they cannot be decrypted. */
export function hasOwnSecrets(row: ClientRow, encryption: SecretEncryption): boolean {
  return digestsOf(new StoredCredentials(row, encryption).secrets) === row.secret_digests;
}

/**
 * The columns that the state does not contain themselves. The document is there as a hash. Ciphertexts change with their key; the
 * digests represent them. The use of a client is no change.
 */
const OMITTED: readonly ClientColumn[] = ['metadata', 'secrets', 'last_used_at', 'unused_since'];
const STATE_COLUMNS = (Object.keys(CLIENT_TABLE.columns) as ClientColumn[]).filter((name) => !OMITTED.includes(name));

/** The hash of a client's row, by which a change behind the server is found. */
export function clientState(row: Row, documentHash = hashOfDocument(row.metadata as string)): string {
  return stateOf([documentHash, ...STATE_COLUMNS.map((name) => row[name] ?? null)]);
}

function keyOf({ serviceId, clientId }: StoredClient): Row {
  return { service_id: serviceId, client_id: clientId };
}

/** The column of a part; null if the part is empty. */
function textOf(part: object): string | null {
  const text = JSON.stringify(part);
  return text === '{}' ? null : text;
}

/** The part in a column. The members of every part are optional. */
export function partIn(text: Row[string] | undefined): object {
  return typeof text === 'string' ? (JSON.parse(text) as object) : NOTHING;
}
