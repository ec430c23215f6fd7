import {
  ISSUED_MEMBERS,
  readClientMetadata,
  readJsonObject,
  withDefaults,
  type ClientInformation,
  type ClientMetadata,
  type JsonObject,
} from '@clientele/model/metadata';
import { equalSecrets } from '../token.ts';
import { invalidMetadata, RegistrationError } from './registration-error.ts';
import { checkRules } from './rules/index.ts';

/** Reads the text that the client application sent: one JSON object, its members unchecked. */
export function readRequest(json: string): JsonObject {
  const read = readJsonObject(json);
  if ('problem' in read) throw invalidMetadata(read.problem.resultCode, read.problem.parameters);
  return read.object;
}

/** The client metadata in a request, checked and completed with its defaults. Unknown members are ignored (RFC 7591 section 2). */
export function readMetadata(request: JsonObject): ClientMetadata {
  const read = readClientMetadata(request);
  if ('broken' in read) {
    const { error, resultCode, description } = read.broken;
    throw new RegistrationError(error, resultCode, description);
  }
  const metadata = withDefaults(read.metadata);
  checkRules(metadata);
  return metadata;
}

/**
 * Refuses an update that does not say which client it is for, or that carries other values than the server issued. RFC 7592
 * section 2.2: `client_id` MUST be there and be the client's; `client_secret` MUST be the current one, a client cannot
 * choose its own; the other four members MUST NOT be there. Authlete: those four are harmless when they are as issued.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export function checkIssuedMembers(request: JsonObject, issued: ClientInformation): void {
  const { client_id: clientId, client_secret: clientSecret } = request;
  if (isAbsent(clientId)) throw invalidMetadata('A214301');
  if (clientId !== issued.client_id) throw invalidMetadata('A214302');
  if (!isAbsent(clientSecret) && !isIssued(clientSecret, issued.client_secret)) throw invalidMetadata('A215304');
  for (const member of Object.keys(ISSUED_MEMBERS) as (keyof typeof ISSUED_MEMBERS)[]) {
    const value = request[member];
    if (!isAbsent(value) && !isIssued(value, issued[member])) {
      throw invalidMetadata('A214303', { member });
    }
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isIssued(value: unknown, issued: string | number | undefined): boolean {
  if (typeof value === 'string' && typeof issued === 'string') return equalSecrets(value, issued);
  return value === issued;
}
