/**
 * Every result code, with its text. `{name}` stands for something filled in.
 *
 * Authlete: the codes and their meaning are Authlete's wherever Authlete documents one; `OWN_RESULT_CODES` lists those
 * chosen here, of the same family, for what is not documented.
 */
export const RESULT_CODES = {
  A001101: 'Clientele server error.',
  A001102: 'The store is unavailable for the moment. Nothing was changed; the call may be repeated.',
  A001103:
    'The store became unavailable during the call. Whether the change was made is unknown: get the client to see.',
  A001104: 'There are too many requests for the moment. Nothing was changed; the call may be repeated.',
  A001202: 'Authorization header is missing.',
  A001203: 'Credentials in Authorization header are malformed. Expected: Bearer, a space, the API access token.',
  A001204: 'The request body is not acceptable: {expected}',
  A001205: 'There is no API at this path.',
  A001206: 'The request body is too large. The limit is {expected} bytes.',
  A001207: 'There is no initial access token with this ID.',
  A003201: 'No service has this ID.',
  A039232: "The name '{expected}' cannot be one of 'supportedCustomClientMetadata': it is a standard one.",
  A172101: 'The API access token is missing or incorrect.',
  A258201: "The Content-Type must be 'application/json' or 'application/x-www-form-urlencoded'.",
  A457101: 'The function requires the access right {right} for this service; the API access token does not have it.',

  A202001: 'The client was created with id {clientId}.',
  A213001: 'The client has been updated.',
  A216001: 'The client has been deleted.',
  A217001: 'The client information has been returned.',

  A203301: 'There was an error processing the client information.',
  A203302: 'Client metadata was empty.',
  A203303: 'Client metadata did not parse as valid JSON: {expected}',
  A203306: 'Client metadata must not contain the member {member}.',
  A203307: 'Client metadata contains the member {member} more than once.',
  A203308: "The 'software_id' claim is that of another client, and this service accepts each only once.",

  A031201: "The '{member}' claim has a value that is not supported as a value. Expected: {expected}",
  A031203: "The '{member}' claim must consist of well-formed text without control characters.",
  A031204: "The '{member}' claim is too long. The limit is {expected} characters.",
  A031208: "The '{member}' claim must hold well-formed URIs ({expected}).",
  A031210: "The '{member}' claim must not hold URIs with a fragment.",
  A031213: "The '{member}' claim must not be negative.",
  A031220: "The '{member}' claim has too many entries. The limit is {expected}.",
  A031221: "The '{member}' claim is out of range. The largest value is {expected}.",
  A031233:
    "The '{member}' claim must not hold a URI that a browser executes or reads locally (javascript:, data: and the like).",
  A031212: "The 'jwks' claim must be a JWK Set of valid public keys: {expected}",
  A031214: "The '{member}' claim is not valid: {expected}",
  A031219: "The '{member}' claim must hold https URIs, or http URIs on loopback for native clients: {expected}",
  A031222: "The '{member}' claim names an algorithm that does not go with the other claims: {expected}",
  A031234: "The '{member}' claim must be present: {expected}",
  A032203: "The language tag of the '{member}' claim is used more than once.",
  A032205: "The language tag of the '{member}' claim must be a BCP 47 tag of at most {expected} characters.",

  A032211: "The '{member}' claim must not be present without '{expected}'.",
  A032215: "The 'backchannel_client_notification_endpoint' claim must be present for the delivery modes ping and push.",
  A032216: 'At most one of the tls_client_auth_* claims may be present.',
  A032217: "The client authentication method 'tls_client_auth' needs one of the tls_client_auth_* claims.",
  A032218: "The 'tls_client_auth_subject_dn' claim must be a distinguished name in the form of RFC 4514.",
  A032219: "The document at 'sector_identifier_uri' could not be used. Expected: a JSON array of redirect URIs.",
  A032220: "The document at 'sector_identifier_uri' must contain every URI of '{member}'.",

  A204301: "Client cannot have both 'jwks_uri' and 'jwks' properties simultaneously.",
  A204302: "A grant type of 'authorization_code' requires at least one response type containing 'code'.",
  A204303: "A grant type of 'implicit' requires at least one response type containing 'token' or 'id_token'.",
  A204304: "A response type containing 'code' requires the 'authorization_code' grant type.",
  A204305: "A response type containing 'token' or 'id_token' requires the 'implicit' grant type.",
  A204306: "The '{member}' claim must be a list of strings.",
  A204307: "The '{member}' claim must be a URI ({expected}).",
  A204308: "The '{member}' claim must be a string.",
  A204309: "The '{member}' claim must be an integer.",
  A204310: "The '{member}' claim must be a boolean.",
  A204311: "The 'jwks' claim must be a JSON object with a 'keys' array of JSON objects.",
  A204312:
    "The 'pairwise' subject type must be used with a 'sector_identifier_uri' or a single host in 'redirect_uris'.",
  A204313: "The '{member}' claim must be an https URI.",
  A204315: "The '{member}' claim must be a JSON object.",
  A205301: 'Software statement must be a JOSE object.',
  A205303: 'Software statement cannot be encrypted.',
  A205304: 'Software statement payload must be JSON.',
  A205305: 'Software statement did not pass processing rules for this service: its issuer is not trusted.',
  A205306: 'Software statement signature did not validate against configured keys.',
  A205307: "Software statement claim ('{member}') did not match a rule.",
  A205308: 'A software statement must be present.',
  A205309: 'The keys of the issuer of the software statement cannot be fetched for the moment.',
  A205310: 'Software statement has expired, or is not valid yet.',
  A206201: 'Service does not support dynamic client registration.',
  A206301: 'The initial access token is not present.',
  A206302: 'The initial access token is unknown, expired, used up or revoked.',

  A214301: "The 'client_id' field must be present in the registration update request.",
  A214302: "The 'client_id' in the registration update request did not match the expected client ID.",
  A214303: "The '{member}' field in the registration update request did not match the value issued by the server.",
  A215301: 'Unable to parse client ID. Expected: a positive integer below 2^53, as a number or a decimal string.',
  A215303: 'Client is not dynamically registered.',
  A215304: "The 'client_secret' in the registration update request did not match the expected client secret.",
  A215305: 'The registration access token is not present.',
  A215307: 'The registration access token presented does not match the registration access token for this client.',
  A215308: 'The client is locked.',
} as const;

export type ResultCode = keyof typeof RESULT_CODES;

/** The codes that Authlete does not document. */
export const OWN_RESULT_CODES: ReadonlySet<ResultCode> = new Set<ResultCode>([
  'A001102',
  'A001103',
  'A001104',
  'A001204',
  'A001205',
  'A001206',
  'A001207',
  'A031233',
  'A031234',
  'A203306',
  'A203307',
  'A203308',
  'A205308',
  'A205309',
  'A205310',
  'A206301',
  'A206302',
  'A214303',
  'A215308',
]);

/** What fills the `{name}` places of a result code's text. */
export type ResultParameters = Readonly<Record<string, string | number>>;

/** The text of a result code in the form `[A213001] The client has been updated.` */
export function resultMessage(resultCode: ResultCode, parameters: ResultParameters = {}): string {
  const text = RESULT_CODES[resultCode].replace(/\{(\w+)\}/g, (place, name: string) =>
    String(parameters[name] ?? place),
  );
  return `[${resultCode}] ${text}`;
}
