import { isAbsent, type JsonObject } from '../metadata/json.ts';
import { quote } from '../text/quote.ts';
import { wrongCredential, type Check } from './checks.ts';
import type { RegisteredClient } from './context.ts';
import type { Findings } from './findings.ts';

/**
 * Refuses an update without the `client_id` of the client, or with other values than the server issued. RFC 7592 section 2.2:
 * `client_id` and `client_secret` MUST be the current values; the other four members MUST NOT be present. Authlete: these four are
 * accepted if they have the issued values.
 *
 * The secret and the token are returned as checks, because they need a comparison in constant time.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export function checkIssuedMembers(
  members: JsonObject,
  registered: RegisteredClient,
  findings: Findings,
): readonly Check[] {
  const { client_id: clientId } = members;
  const refuse = (
    member: string,
    result: 'clientIdMissing' | 'clientIdWrong' | 'issuedMemberWrong',
    detail?: string,
  ) => {
    findings.refuse({ rule: 'issued-members', members: [member], result, detail });
  };
  if (isAbsent(clientId)) refuse('client_id', 'clientIdMissing', 'is missing; send the client_id of the client.');
  else if (clientId !== registered.clientId) {
    const shown = typeof clientId === 'string' ? quote(clientId) : 'the value';
    refuse('client_id', 'clientIdWrong', `${shown} is not the ID of this client; send its client_id as a string.`);
  }

  const issued = {
    client_id_issued_at: registered.clientIdIssuedAt,
    client_secret_expires_at: registered.clientSecretExpiresAt,
    registration_client_uri: registered.registrationClientUri,
  };
  for (const [member, value] of Object.entries(issued)) {
    const sent = members[member];
    if (isAbsent(sent) || sent === value) continue;
    const shown = typeof sent === 'string' ? quote(sent) : typeof sent === 'number' ? String(sent) : 'the value';
    refuse(member, 'issuedMemberWrong', `${shown} is not the issued value; omit the member.`);
  }

  const checks: Check[] = [];
  for (const [member, rule] of CREDENTIALS) {
    const presented = members[member];
    if (isAbsent(presented)) continue;
    if (typeof presented === 'string') checks.push({ rule, presented });
    else findings.add(wrongCredential(rule));
  }
  return checks;
}

const CREDENTIALS = [
  ['client_secret', 'client-secret'],
  ['registration_access_token', 'registration-access-token'],
] as const;
