/** One row: a code, its meaning, and whether it was chosen here. */
interface Result {
  readonly code: string;
  /**
   * The message; `{name}` is a parameter. Absent if every message of the code is about a member and describes its fault; then the
   * comment above the row documents the code.
   */
  readonly text?: string;
  /** Authlete documents no code for this meaning. */
  readonly own?: true;
}

/**
 * The results of decisions about client metadata. They have a table of their own, so that a web page with the decision does not
 * load the other results.
 */
export const FINDING_RESULTS = {
  metadataEmpty: { code: 'A203302', text: 'Client metadata was empty.' },
  metadataUnparsable: { code: 'A203303', text: 'Client metadata did not parse as valid JSON: {details}' },
  memberForbidden: { code: 'A203306', text: 'Client metadata must not contain the member {member}.', own: true },
  memberDuplicated: {
    code: 'A203307',
    text: 'Client metadata contains the member {member} more than once.',
    own: true,
  },
  softwareIdTaken: {
    code: 'A203308',
    text: "Another client has this 'software_id', and this service accepts each 'software_id' only once.",
    own: true,
  },
  /** The value is not supported. */
  valueUnsupported: { code: 'A031201' },
  /** The text has control characters, invisible characters or nothing but blanks. */
  textMalformed: { code: 'A031203' },
  /** The value is too long. */
  valueTooLong: { code: 'A031204' },
  /** The host or port of the URI is not valid. */
  authorityInvalid: { code: 'A031208' },
  /** The URI has a fragment. */
  fragmentPresent: { code: 'A031210' },
  /** The number is negative. */
  numberNegative: { code: 'A031213' },
  /** There are too many entries. */
  tooManyEntries: { code: 'A031220' },
  /** The number is out of range. */
  numberTooLarge: { code: 'A031221' },
  /** The URI has a scheme that the member does not allow. */
  schemeRefused: { code: 'A031233', own: true },
  /** A key of 'jwks' is not a valid public key. */
  keyInvalid: { code: 'A031212' },
  /** The value is not valid. */
  valueInvalid: { code: 'A031214' },
  /** The URI uses http instead of https, or a host that the member does not allow. */
  httpRefused: { code: 'A031219' },
  /** The algorithm cannot be used with the other members. */
  algorithmUnfit: { code: 'A031222' },
  /** The member must be present. */
  memberMissing: { code: 'A031234', own: true },
  /** The same language tag is used more than once. */
  languageTagRepeated: { code: 'A032203' },
  /** The language tag is not valid. */
  languageTagInvalid: { code: 'A032205' },
  /** The member must not be present without the member that names the key management algorithm. */
  encryptionAlgorithmMissing: { code: 'A032211' },
  notificationEndpointMissing: {
    code: 'A032215',
    text: "The 'backchannel_client_notification_endpoint' must be present for the delivery modes ping and push.",
  },
  certificateSubjectsConflict: {
    code: 'A032216',
    text: 'At most one of the tls_client_auth_* members may be present.',
  },
  certificateSubjectMissing: {
    code: 'A032217',
    text: "The client authentication method 'tls_client_auth' needs one of the tls_client_auth_* members.",
  },
  /** The value is not a distinguished name in the form of RFC 4514. */
  distinguishedNameInvalid: { code: 'A032218' },
  /** The document at 'sector_identifier_uri' could not be used. */
  sectorDocumentUnusable: { code: 'A032219' },
  /** The document at 'sector_identifier_uri' does not contain every URI of the client. */
  sectorDocumentIncomplete: { code: 'A032220' },
  keySourcesConflict: {
    code: 'A204301',
    text: "Client cannot have both 'jwks_uri' and 'jwks' properties simultaneously.",
  },
  codeResponseTypeMissing: {
    code: 'A204302',
    text: "A grant type of 'authorization_code' requires at least one response type containing 'code'.",
  },
  implicitResponseTypeMissing: {
    code: 'A204303',
    text: "A grant type of 'implicit' requires at least one response type containing 'token' or 'id_token'.",
  },
  codeGrantTypeMissing: {
    code: 'A204304',
    text: "A response type containing 'code' requires the 'authorization_code' grant type.",
  },
  implicitGrantTypeMissing: {
    code: 'A204305',
    text: "A response type containing 'token' or 'id_token' requires the 'implicit' grant type.",
  },
  /** The value is not a list of strings. */
  listExpected: { code: 'A204306' },
  /** The value is not an absolute URI. */
  uriMalformed: { code: 'A204307' },
  /** The value is not a string. */
  stringExpected: { code: 'A204308' },
  /** The value is not an integer. */
  integerExpected: { code: 'A204309' },
  /** The value is not a boolean. */
  booleanExpected: { code: 'A204310' },
  /** The value is not a JWK Set: a JSON object with a 'keys' array of JSON objects. */
  keySetExpected: { code: 'A204311' },
  /** The 'pairwise' subject type must be used with a 'sector_identifier_uri' or a single host in 'redirect_uris'. */
  sectorUnclear: { code: 'A204312' },
  /** The URI is not an https URI. */
  httpsExpected: { code: 'A204313' },
  /** The value is not a JSON object. */
  objectExpected: { code: 'A204315' },
  statementMalformed: { code: 'A205301', text: 'Software statement must be a JOSE object.' },
  statementEncrypted: { code: 'A205303', text: 'Software statement cannot be encrypted.' },
  statementPayloadUnparsable: { code: 'A205304', text: 'Software statement payload must be JSON.' },
  statementIssuerUntrusted: {
    code: 'A205305',
    text: 'Software statement did not pass processing rules for this service: its issuer is not trusted.',
  },
  statementMissing: { code: 'A205308', text: 'A software statement must be present.', own: true },
  /** The 'client_id' field must be present in the registration update request. */
  clientIdMissing: { code: 'A214301' },
  /** The 'client_id' in the registration update request did not match the expected client ID. */
  clientIdWrong: { code: 'A214302' },
  /** The value in the registration update request is not the one that the server issued. */
  issuedMemberWrong: { code: 'A214303', own: true },
  clientSecretWrong: {
    code: 'A215304',
    text: "The 'client_secret' in the registration update request did not match the expected client secret.",
  },
  /** The number cannot be stored exactly. */
  numberInexact: { code: 'A203309', own: true },
  /** The grant types do not go with the other members. */
  grantTypesUnfit: { code: 'A031235', own: true },
  /** No key of the client can do what it registers. */
  keyUnfit: { code: 'A031236', own: true },
  /** The service does not support the value and dropped it. */
  valueDropped: { code: 'A031237', own: true },
  /** The member was ignored. */
  memberIgnored: { code: 'A031238', own: true },
  /** The value is accepted, but another one is recommended. */
  advice: { code: 'A031239', own: true },
  /** The software statement names the keys of the client, so the request must not name others. */
  keysOutsideStatement: { code: 'A205311', own: true },
  /** The redirect URI is not one of those in the software statement. */
  redirectUriNotStated: { code: 'A205312', own: true },
  registrationUnsupported: { code: 'A206201', text: 'Service does not support dynamic client registration.' },
} as const satisfies Readonly<Record<string, Result>>;

/** The other results of API calls. */
const CALL_RESULTS = {
  serverError: { code: 'A001101', text: 'Clientele server error.' },
  storeUnavailable: {
    code: 'A001102',
    text: 'The store is temporarily unavailable. Nothing was changed; repeat the call later.',
    own: true,
  },
  outcomeUnknown: {
    code: 'A001103',
    text: 'The store became unavailable during the call. It is unknown whether the change was made; get the client to find out.',
    own: true,
  },
  openRegistrationsExceeded: {
    code: 'A001105',
    text: 'The limit of {limit} registrations a day without an initial access token is reached. Nothing was changed; repeat the call after Retry-After seconds.',
    own: true,
  },
  openUpdatesExceeded: {
    code: 'A001107',
    text: 'The limit of {limit} updates a day by all clients without an initial access token is reached. Nothing was changed; repeat the call after Retry-After seconds.',
    own: true,
  },
  clientUpdatesExceeded: {
    code: 'A001106',
    text: 'The limit of {limit} updates a day by one client is reached. Nothing was changed; repeat the call after Retry-After seconds.',
    own: true,
  },
  overloaded: {
    code: 'A001104',
    text: 'There are too many requests. Nothing was changed; repeat the call later.',
    own: true,
  },
  documentsBusy: {
    code: 'A001109',
    text: 'The server fetches too many documents of clients at the moment. Nothing was changed; repeat the call later.',
    own: true,
  },
  clockWrong: {
    code: 'A001110',
    text: "The clock of the server is wrong. Nothing was changed; repeat the call after the server's administrator has set it.",
    own: true,
  },
  rateLimitExceeded: {
    code: 'A001111',
    text: 'There are too many requests in this minute. Nothing was changed; repeat the call after Retry-After seconds.',
    own: true,
  },
  preconditionFailed: {
    code: 'A001108',
    text: '{details} Nothing was changed.',
    own: true,
  },
  identifierInvalid: {
    code: 'A001219',
    text: 'The identifier {identifier} cannot be given to a client: {details}',
    own: true,
  },
  listStartMalformed: { code: 'A028201', text: "Parameter 'start' failed to be parsed as int." },
  listStartNegative: { code: 'A028202', text: "Parameter 'start' must not be negative." },
  listEndMalformed: { code: 'A028203', text: "Parameter 'end' failed to be parsed as int." },
  listEndNegative: { code: 'A028204', text: "Parameter 'end' must not be negative." },
  serviceListStartMalformed: { code: 'A036201', text: "Parameter 'start' failed to be parsed as int." },
  serviceListStartNegative: { code: 'A036202', text: "Parameter 'start' must not be negative." },
  serviceListEndMalformed: { code: 'A036203', text: "Parameter 'end' failed to be parsed as int." },
  serviceListEndNegative: { code: 'A036204', text: "Parameter 'end' must not be negative." },
  aliasInUse: {
    code: 'A123603',
    text: 'The client ID alias {alias} is already in use. Client ID aliases must be unique in the same service.',
  },
  clientSecretRefreshed: {
    code: 'A148001',
    text: 'Successfully refreshed the client secret of the client (ID = {clientId}).',
  },
  clientSecretsTooMany: {
    code: 'A148202',
    text: 'A client has at most {limit} valid secrets. Wait until one expires, or shorten the overlap to 0.',
    own: true,
  },
  clientSecretUpdated: {
    code: 'A149001',
    text: 'Successfully updated the client secret of the client (ID = {clientId}).',
  },
  clientSecretUnneeded: {
    code: 'A149603',
    text: "The client needs no secret: neither its 'tokenAuthMethod' nor a symmetric algorithm uses one.",
    own: true,
  },
  clientSecretHashUnfit: { code: 'A149602', text: "The 'clientSecretHash' is not accepted: {details}", own: true },
  registrationAccessTokenRefreshed: {
    code: 'A001223',
    text: 'The client has a new registration access token. The previous ones are no longer valid.',
    own: true,
  },
  clientSecretUnfit: { code: 'A149601', text: "The format of the value of 'clientSecret' is wrong: {details}" },
  lockFlagUpdated: {
    code: 'A293001',
    text: "Successfully updated the client's lock flag (Client Identifier = {identifier}).",
  },
  requestableScopesNotObject: { code: 'A128201', text: 'The request body is not a JSON object.' },
  requestableScopesNotArray: { code: 'A128202', text: "The value of 'requestableScopes' is not an array." },
  requestableScopesNotStrings: {
    code: 'A128203',
    text: "The array 'requestableScopes' has an element that is not a string.",
  },
  startNotInteger: { code: 'A136201', text: "The parameter 'start' is not an integer." },
  startNegative: { code: 'A136202', text: "The parameter 'start' must not be negative." },
  endNotInteger: { code: 'A136203', text: "The parameter 'end' is not an integer." },
  endNegative: { code: 'A136204', text: "The parameter 'end' must not be negative." },
  subjectMissing: { code: 'A136206', text: "The parameter 'subject' must be specified." },
  authorizationsDeleted: { code: 'A137001', text: 'Deleted 0 access tokens: a client registry has none.' },
  authorizationsUpdated: { code: 'A138001', text: 'Updated 0 access tokens: a client registry has none.' },
  noGrantedScopes: { code: 'A139001', text: 'There are no granted scopes: a client registry has none.' },
  grantedScopesDeleted: {
    code: 'A140001',
    text: 'There were no granted scopes to delete: a client registry has none.',
  },
  clientLockedAlready: { code: 'A293203', text: 'The client is already locked.' },
  clientUnlockedAlready: { code: 'A293204', text: 'The client is already unlocked.' },
  authorizationMissing: { code: 'A001202', text: 'Authorization header is missing.' },
  authorizationMalformed: {
    code: 'A001203',
    text: 'Credentials in Authorization header are malformed. Expected: Bearer, a space, the API access token.',
  },
  bodyUnacceptable: { code: 'A001204', text: 'The request body is not acceptable: {details}', own: true },
  noSuchApi: { code: 'A001205', text: 'There is no API at this path.', own: true },
  slashAtEnd: {
    code: 'A001226',
    text: 'There is no API at this path, but at the path without the slash at its end.',
    own: true,
  },
  requestTargetInvalid: {
    code: 'A001227',
    text: 'The URL must not contain #. A fragment is not part of a request; write a # of a value as %23.',
    own: true,
  },
  methodNotAllowed: { code: 'A001209', text: 'The method at this path must be one of {allow}.', own: true },
  bodyTooLarge: { code: 'A001206', text: 'The request body is too large. The limit is {limit} bytes.', own: true },
  noSuchInitialAccessToken: { code: 'A001207', text: 'There is no initial access token with this ID.', own: true },
  noSuchService: { code: 'A003201', text: 'No service has this ID.' },
  customNameReserved: {
    code: 'A039232',
    text: "The name '{name}' cannot be one of 'supportedCustomClientMetadata': it is a standard member.",
  },
  apiAccessTokenInvalid: { code: 'A172101', text: 'The API access token is missing or incorrect.' },
  noSuchApiAccessToken: {
    code: 'A172102',
    text: 'There is no API access token with this ID, or it belongs to another service.',
    own: true,
  },
  apiAccessTokensTooMany: {
    code: 'A172103',
    text: 'There are at most {limit} API access tokens for a service, and as many for all services. Delete one first.',
    own: true,
  },
  contentTypeUnsupported: {
    code: 'A258201',
    text: "The call does not support this Content-Type. Every call with a body supports 'application/json'.",
  },
  accessRightMissing: {
    code: 'A457101',
    text: 'The function requires the access right {right} for this service; the API access token does not have it.',
  },
  allServicesTokenRequired: {
    code: 'A457102',
    text: 'The function requires an API access token for all services with the access right {right}; this one is for one service.',
    own: true,
  },
  clientCreated: { code: 'A202001', text: 'The client was created with id {clientId}.' },
  clientUpdated: { code: 'A213001', text: 'The client has been updated.' },
  clientDeleted: { code: 'A216001', text: 'The client has been deleted.' },
  clientFound: { code: 'A217001', text: 'The client information has been returned.' },
  statementSignatureInvalid: {
    code: 'A205306',
    text: 'Software statement signature did not validate against configured keys.',
  },
  statementAudienceWrong: { code: 'A205307', text: "Software statement claim 'aud' did not match a rule." },
  issuerKeysUnavailable: {
    code: 'A205309',
    text: 'The keys of the issuer of the software statement are temporarily unavailable.',
    own: true,
  },
  statementExpired: { code: 'A205310', text: 'Software statement has expired, or is not valid yet.', own: true },
  initialAccessTokenMissing: { code: 'A206301', text: 'The initial access token is not present.', own: true },
  initialAccessTokenInvalid: {
    code: 'A206302',
    text: 'The initial access token is unknown, expired, used up or revoked.',
    own: true,
  },
  clientIdMalformed: {
    code: 'A215301',
    text: 'Unable to parse client ID. Expected: a positive integer below 2^53, as a number or a decimal string.',
  },
  clientNotDynamic: { code: 'A215303', text: 'Client is not dynamically registered.' },
  registrationAccessTokenMissing: { code: 'A215305', text: 'The registration access token is not present.' },
  registrationAccessTokenWrong: {
    code: 'A215307',
    text: 'The registration access token presented does not match the registration access token for this client.',
  },
  clientLocked: { code: 'A215308', text: 'The client is locked.', own: true },
  clientUnknown: { code: 'A001218', text: 'No client of the service has the identifier {identifier}.' },
  noSuchClient: { code: 'A001208', text: 'There is no client with this ID.', own: true },
} as const satisfies Readonly<Record<string, Result>>;

/**
 * All results. Code refers to a row by its name, never by its code.
 *
 * Authlete: a row has Authlete's code if Authlete documents one. The codes of rows with `own` were chosen here from the same
 * families.
 */
export const RESULTS = /* @__PURE__ */ Object.assign({}, FINDING_RESULTS, CALL_RESULTS);

/** The name of a row that a finding refers to. */
export type FindingResult = keyof typeof FINDING_RESULTS;

/** The name of a row. */
export type ResultName = keyof typeof RESULTS;

/** `A213001` for example. */
export type ResultCode = (typeof RESULTS)[ResultName]['code'];

/** The values of the parameters in the text of a row. */
export type ResultParameters = Readonly<Record<string, string | number>>;

/** The message of a row: `[A213001] The client has been updated.` */
export function resultMessage(name: ResultName, parameters?: ResultParameters): string {
  return messageOf(RESULTS[name], parameters);
}

/** The message of a row: its code and its text with parameters. */
export function messageOf(
  { code, text = '' }: Pick<Result, 'code' | 'text'>,
  parameters: ResultParameters = {},
): string {
  return `[${code}] ${text.replace(/\{(\w+)\}/g, (place, key: string) => String(parameters[key] ?? place))}`;
}

/** The result code and message of a row, which are part of every response. */
export function resultOf(
  name: ResultName,
  parameters?: ResultParameters,
): { readonly resultCode: ResultCode; readonly resultMessage: string } {
  return { resultCode: RESULTS[name].code, resultMessage: resultMessage(name, parameters) };
}
