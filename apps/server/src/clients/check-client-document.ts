import { isDeepStrictEqual } from 'node:util';
import { decide, readRequest, type Finding, type RegistrationSettings } from '@clientele/model/decision';
import {
  GRANT_TYPE,
  ISSUED_MEMBERS,
  isStandardMember,
  isUriProblem,
  LIMITS,
  parseUri,
  printableName,
  readDocument,
  storageProblem,
  writeDocument,
  type JsonObject,
} from '@clientele/model/metadata';
import { RecordError } from '../database/table.ts';

/** The most characters of a document. Its numbers and the claims of its software statement may make it longer than its request. */
export const LONGEST_DOCUMENT = 8 * LIMITS.json;

/** The most characters of a name or a grant type that settings contain. */
const LONGEST_SETTING = 200;

/** A service that supports everything. */
const EVERYTHING: RegistrationSettings = {};

/**
 * Throws `RecordError` unless the metadata of a client could have been stored by an administrator. Settings may have changed since, so
 * the service supports everything. Nothing is fetched, and software statements are not verified.
 */
export function checkClientDocument(text: string): void {
  const request = readRequest(text, LONGEST_DOCUMENT);
  if ('finding' in request) throw refusedBy(request.finding);
  const { members } = request;
  const issued = Object.keys(members).find((name) => Object.hasOwn(ISSUED_MEMBERS, name));
  if (issued !== undefined) throw new RecordError(`metadata.${issued} is issued by the server`);
  const document = readDocument(text);
  if (writeDocument(document) !== text)
    throw new RecordError('metadata must be JSON without whitespace, and custom members must be last');
  const { metadata, custom, findings } = decide(request, settingsFor(members), {
    operation: 'register',
    plane: 'api',
    byAdministrator: true,
    // The client may have the default flow without redirect URIs.
    replaced: document.metadata,
    findings: 'first',
  });
  const refused = findings.find(({ severity }) => severity === 'refused');
  if (refused !== undefined) throw refusedBy(refused);
  const { software_statement: statement } = members;
  expectUnchanged(members, {
    ...metadata,
    ...custom.members,
    ...(typeof statement === 'string' && statement !== '' && { software_statement: statement }),
  });
}

/** The service of a document: it has the custom members and the extension grants of the document that settings could contain. */
function settingsFor(members: JsonObject): RegistrationSettings {
  const isSetting = (text: unknown): text is string =>
    typeof text === 'string' && text !== '' && text.length <= LONGEST_SETTING && storageProblem(text) === undefined;
  const own = Object.keys(members).filter((name) => !isStandardMember(name) && isSetting(name));
  const { grant_types: grantTypes } = members;
  const extensions = Array.isArray(grantTypes)
    ? grantTypes.filter(isSetting).filter((type) => type.includes(':') && !isUriProblem(parseUri(type)))
    : [];
  const supported = extensions.filter((type) => !Object.hasOwn(GRANT_TYPE, type));
  if (own.length === 0 && supported.length === 0) return EVERYTHING;
  return {
    supportedCustomClientMetadata: own,
    ...(supported.length > 0 && { supportedGrantTypes: [...Object.values(GRANT_TYPE), ...supported] }),
  };
}

/** Refuses members that would not be stored as they are. */
function expectUnchanged(members: JsonObject, stored: JsonObject): void {
  for (const [name, value] of Object.entries(members)) {
    if (!Object.hasOwn(stored, name) || !isDeepStrictEqual(stored[name], value))
      throw new RecordError(
        `metadata.${printableName(name)} has a value that a registration would not store unchanged`,
      );
  }
}

/** The error with the rule and the message of a finding. */
function refusedBy({ rule, message, members: [member = ''] }: Finding): RecordError {
  const detail = message.replace(/^\[\w+\] /, '').replace(/\.$/, '');
  const place = detail.startsWith(`${member}: `) ? '' : `${member}: `;
  return new RecordError(`metadata${member === '' ? '' : '.'}${place}${detail} (${rule})`);
}
