import type { ConformanceRule } from './rule.ts';

/** Demands that are nobody's but another component's. */
const PROXY =
  'TLS is the work of the proxy in front; `BASE_URL` says https, and is the only source of the URIs that are given out.';
const AUTHORIZATION_SERVER = 'The duty of the authorization server that asks this registry about its clients.';

const ENDPOINTS = 'protocol/registration-endpoints.ts#RegistrationEndpoints';
const USE_CASES = 'registration/client-registration.ts#ClientRegistration';
const INFORMATION = 'registration/registration-responses.ts#clientInformation';
const DECIDE = 'model/decision/decide.ts#decide';
const NARROW = 'model/decision/read-fields.ts#readFields';
const ISSUED = 'model/decision/issued-members.ts#checkIssuedMembers';
const AUTHENTICATE = 'registration/registration-access-token.ts#authenticate';
const TABLE = 'model/metadata/client-metadata.ts#CLIENT_METADATA';

const DEFAULTS =
  'model/decision/decide.spec.ts > are the registered metadata of a client that sends nothing (RFC 7591 section 2)';
const REGISTERED = 'protocol-registration.e2e-spec.ts > is 201 with the client information response (section 3.2.1)';
const CAME_BACK = 'register.e2e-spec.ts > is all registered metadata, defaults included, and nothing else';
const READ_BACK = 'protocol-registration.e2e-spec.ts > GET is 200 with what the registration answered (section 2.1)';
const UPDATED = 'protocol-registration.e2e-spec.ts > PUT is 200 and replaces everything (section 2.2)';
const REFUSED_UPDATE = 'protocol-registration.e2e-spec.ts > PUT with %s is 400 and changes nothing (section 2.2)';
const DELETED =
  'protocol-registration.e2e-spec.ts > DELETE%s is 204, and the token is worthless from then on (section 2.3)';
const UNAUTHORIZED =
  'conformance.e2e-spec.ts > with %s is 401 with the challenge of RFC 6750, never 404 (RFC 7592 sections 2.1, 2.2 and 2.3, OpenID Connect Registration section 4.4)';

const GRANTS = [
  'model/rules/grant-types.spec.ts > grant-authorization-code: the grant type needs a response type that contains code (RFC 7591 section 2.1)',
  'model/rules/grant-types.spec.ts > grant-implicit: the grant type needs a response type that contains token or id_token (RFC 7591 section 2.1)',
];

/** The demands on servers, by operation; numbered from 1. */
export const RULES: readonly ConformanceRule[] = [
  // Registering
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3', 'RFC 7591 section 3.1'],
    demand: 'Metadata arrives by POST, as the members of one JSON object.',
    code: [ENDPOINTS, 'model/decision/read-request.ts#readRequest'],
    tests: [REGISTERED, 'protocol-registration.e2e-spec.ts > is 415 for %j (section 3.1)'],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3', 'RFC 7591 section 5'],
    demand: 'The endpoint is behind TLS.',
    remark: PROXY,
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 3'],
    demand: 'Anybody may register, without authorization.',
    code: [ENDPOINTS],
    tests: [REGISTERED],
    remark: 'A service may ask for initial access tokens instead.',
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3'],
    demand: 'An initial access token may be asked for.',
    code: [USE_CASES],
    tests: ['initial-access-token.e2e-spec.ts > registers as many clients as it allows, and no more'],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 3', 'RFC 7591 section 3'],
    demand: 'The initial access token comes as a Bearer token.',
    code: ['protocol/protocol-request.ts#presentedToken'],
    tests: [
      'initial-access-token.e2e-spec.ts > is refused in the same words whatever is wrong with it (RFC 6750 section 3.1)',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3'],
    demand: 'Open registration may be limited in rate.',
    code: ['protocol/rate-limits.ts#rateLimiters'],
    tests: [
      'rate-limits.e2e-spec.ts > beyond the limit of an address it is 429 with Retry-After, and nothing is registered',
    ],
    remark: 'By address and by service; initial access tokens limit how many clients are registered at all.',
  },
  {
    level: 'SHOULD',
    sections: ['OpenID Connect Registration section 3'],
    demand: 'Web pages of other origins may register.',
    code: ['protocol/cors.ts#allowOtherOrigins'],
    tests: [
      'cors.e2e-spec.ts > may ask before they call %s',
      'browser.e2e-spec.ts > finds the registration endpoint, and registers after it has asked whether it may',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.1', 'RFC 7591 section 3.2.1', 'RFC 7591 section 6'],
    demand: 'The server chooses the client ID, the client never does.',
    code: ['registration/client-credentials.ts#newClientId'],
    tests: ['register.e2e-spec.ts > is never what the client asks for'],
  },
  {
    level: 'MUST NOT',
    sections: ['RFC 7591 section 3.2.1', 'OpenID Connect Registration section 3.2'],
    demand: 'A client ID belongs to one client only.',
    code: [USE_CASES, 'store/client-store.ts#ClientStore'],
    tests: [
      'register.e2e-spec.ts > is a client ID below 2^53, a decimal string in the content, its own for each of many at once',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 5'],
    demand: 'Instances that share a client ID are held to one flow and one set of redirect URIs.',
    remark: 'No two registrations share a client ID.',
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3.1', 'RFC 7591 section 2'],
    demand: 'What is omitted may be filled in.',
    code: ['model/decision/complete.ts#complete'],
    tests: [DEFAULTS],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 2'],
    demand: 'Metadata that is not understood is ignored.',
    code: ['model/decision/read-fields.ts#readFields'],
    tests: ['register.e2e-spec.ts > leaves out a member that is %s: %s (RFC 7591 section 2)'],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 2', 'RFC 7591 section 3.2.1'],
    demand: 'Values may be replaced or refused, and the answer says so.',
    code: [NARROW, 'model/decision/check-support.ts#checkSupport'],
    tests: [
      'model/decision/support.spec.ts > a service that narrows (RFC 7591 section 2)',
      'policy.e2e-spec.ts > drop unsupported values from lists where the service narrows (RFC 7591 section 2)',
    ],
  },
  {
    level: 'MUST NOT',
    sections: ['OpenID Connect Registration section 3.2'],
    demand: 'Redirect URIs are refused or kept, never replaced.',
    code: ['model/decision/read-fields.ts#readFields'],
    tests: [
      'conformance.e2e-spec.ts > redirect URIs are kept as they were sent, or refused as a whole (OpenID Connect Registration section 3.2)',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 2', 'RFC 7591 section 5'],
    demand: 'Clients of flows with redirection register their redirect URIs.',
    code: ['model/rules/redirect-uris-present.ts#REDIRECT_URIS_PRESENT'],
    tests: [
      'model/rules/redirect-uris.spec.ts > redirect-uris-present: a client that uses a flow with redirection registers its redirect URIs (RFC 7591 section 2)',
      'bad-input.e2e-spec.ts > without redirect URIs of a flow with redirection is invalid_redirect_uri (RFC 7591 section 2)',
    ],
    remark: 'Authlete: on the API plane, a client that names no flow need not have any.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 2'],
    demand: 'Omitted, the method is client_secret_basic, the grant type authorization_code, the response type code.',
    code: [TABLE, 'model/metadata/defaults.ts#defaultGrantTypes', 'model/metadata/defaults.ts#defaultResponseTypes'],
    tests: [DEFAULTS],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 2'],
    demand: 'Methods, grant types and response types beyond the registered ones may be accepted.',
    remark: "Only those with a constant in Authlete's `Client` can be kept, and so accepted.",
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 2.1'],
    demand: 'Grant types and response types that contradict each other are refused.',
    code: ['model/rules/grant-types.ts#GRANT_TYPE_RULES'],
    tests: GRANTS,
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 5'],
    demand: 'Grant types that should be kept apart may be refused together.',
    code: ['model/decision/check-support.ts#checkSupport'],
    remark: 'Left to the grant types that a service supports; by itself the combination is accepted.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.2', 'RFC 7591 section 3.2.1'],
    demand: 'Success is 201 with one JSON object.',
    code: [ENDPOINTS],
    tests: [REGISTERED],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.2.1'],
    demand: 'The answer holds the client ID and everything registered, filled-in values included.',
    code: [INFORMATION],
    tests: [CAME_BACK, REGISTERED],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.2.1'],
    demand: 'A client secret belongs to one client only.',
    code: ['registration/client-credentials.ts#newClientSecret'],
    tests: [
      'register.e2e-spec.ts > is a secret of 512 bits that does not expire for %s',
      "update.e2e-spec.ts > refuses another client's secret",
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.2.1'],
    demand: 'Where there is a secret, the answer says when it expires; 0 is never.',
    code: ['registration/registration-responses.ts#issuedMembers'],
    tests: ['register.e2e-spec.ts > is a secret of 512 bits that does not expire for %s'],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3.2.1'],
    demand: 'The answer may say when the client ID was issued, in seconds.',
    code: ['registration/registration-responses.ts#issuedMembers'],
    tests: [
      'conformance.e2e-spec.ts > the answer names its credentials and when they were issued (RFC 7591 section 3.2.1, RFC 7592 section 3)',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3.2.1', 'OpenID Connect Registration section 3.2'],
    demand: 'Clients without use for a secret need not be given one.',
    code: ['model/rules/client-secret.ts#needsClientSecret'],
    tests: [
      'register.e2e-spec.ts > is no secret for %s, which has no use for one',
      'register.e2e-spec.ts > is no secret, and the client PUBLIC, for none',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 3'],
    demand: 'The answer holds both the registration access token and the absolute URI that it opens.',
    code: ['registration/registration-responses.ts#issuedMembers', 'public-urls.ts#PublicUrls'],
    tests: [
      'conformance.e2e-spec.ts > the answer names its credentials and when they were issued (RFC 7591 section 3.2.1, RFC 7592 section 3)',
    ],
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 3.2.1', 'RFC 7591 section 5'],
    demand: 'Answers with credentials stay out of caches.',
    code: ['protocol/protocol-plane.ts#protocolPlane'],
    tests: [
      'protocol-registration.e2e-spec.ts > every answer is kept out of caches and has a request ID (RFC 7591 section 5)',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 2.3', 'RFC 7591 section 3.1.1'],
    demand: 'Metadata may come in a software statement, as members, or both.',
    code: ['registration/software-statement.ts#SoftwareStatements'],
    tests: [
      'software-statement.e2e-spec.ts > win over members of the same name (section 3.1.1), and cannot say what only the server says',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3.1.1'],
    demand: 'Statements may be ignored by a server that does not support them.',
    remark:
      'They are supported; a service that trusts no issuer refuses them, since a client that sends one means it to count.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 2.3'],
    demand: 'A statement is a signed JWT with an issuer.',
    code: ['registration/software-statement.ts#SoftwareStatements'],
    tests: ['software-statement.e2e-spec.ts > must be signed with an algorithm that the service allows its issuer'],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 2.3', 'RFC 7591 section 3.1.1'],
    demand: 'Claims of a trusted statement win over members of the same name.',
    code: ['registration/software-statement.ts#SoftwareStatements'],
    tests: [
      'software-statement.e2e-spec.ts > win over members of the same name (section 3.1.1), and cannot say what only the server says',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.2.1'],
    demand: 'The statement comes back unmodified, and what was taken from it as members.',
    code: [INFORMATION],
    tests: [
      'software-statement.e2e-spec.ts > are returned unmodified, their claims as members beside them (section 3.2.1)',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 2.3'],
    demand: 'A statement may itself serve as a client ID.',
    remark: 'Client IDs are numbers, as Authlete has them.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 2'],
    demand: 'Keys are given by reference or by value, not both, in request and answer.',
    code: ['model/rules/key-sources.ts#KEY_SOURCE_RULES'],
    tests: [
      'model/rules/key-sources.spec.ts > keys-one-source: a client has jwks or jwks_uri, not both (RFC 7591 section 2)',
      'update.e2e-spec.ts > swaps keys by reference for keys by value and back',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 2', 'RFC 7517 section 5'],
    demand: 'Keys by value are a JWK Set, without private and symmetric keys.',
    code: ['model/metadata/json-checks.ts#keySetProblems', 'model/keys/key-problem.ts#keyProblem'],
    tests: [
      'model/keys/key-problem.spec.ts > keys of unknown types (RFC 7517 section 5) > violate %s: %j',
      'model/keys/key-problem.spec.ts > refuses a key, with the position and the reason',
      'model/keys/common-members.spec.ts > is refused as %j, and not repeated',
    ],
    remark: 'What is behind `jwks_uri` is fetched by the authorization server when it needs a key.',
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 2.2'],
    demand: 'Members may have language tags, which are compared without regard to case.',
    code: ['model/metadata/language-tags.ts#taggedNames', 'model/metadata/language-tags.ts#tagProblem'],
    tests: [
      'register.e2e-spec.ts > is the tagged values beside the untagged one, and in Authlete a list of them',
      'model/metadata/language-tags.spec.ts > language tags (RFC 7591 section 2.2)',
    ],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 6'],
    demand: 'Strings are compared code point by code point, and never normalized.',
    code: [USE_CASES],
    tests: [
      'conformance.e2e-spec.ts > strings are kept and compared code point by code point (OpenID Connect Registration section 6)',
    ],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 7', 'RFC 7592 section 2.2'],
    demand: 'What fails a check is not used.',
    code: [DECIDE, 'model/rules/index.ts#RULES'],
    tests: [
      'model/decision/decide.spec.ts > an update (RFC 7592 section 2.2) > is decided on the new metadata: a member cannot be omitted if another member needs it',
    ],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 2', 'RFC 8252 section 7'],
    demand:
      'Redirect URIs fit the application type: https for web clients of the implicit flow, loopback or own schemes for native ones.',
    code: ['model/rules/redirect-uris.ts#REDIRECT_URI_RULES'],
    tests: [
      'model/rules/redirect-uris.spec.ts > redirect-uri-implicit-web: a web client with the implicit grant uses https, not on loopback (OpenID Connect Registration section 2)',
      'model/rules/redirect-uris.spec.ts > redirect-uri-native: a native client uses http only on loopback, and https only elsewhere (OpenID Connect Registration section 2)',
    ],
    remark: 'Native clients may also have https URIs, which RFC 8252 section 7.2 adds.',
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 5'],
    demand: 'Further http redirect URIs may be refused.',
    code: ['model/metadata/uri-check.ts#uriCheck'],
    tests: [
      'model/rules/redirect-uris.spec.ts > redirect-uri-http: a redirect URI uses http only on loopback (RFC 7591 section 5)',
    ],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 2', 'RFC 7591 section 2.1'],
    demand: 'The grant types hold what the response types need.',
    code: ['model/rules/grant-types.ts#GRANT_TYPE_RULES'],
    tests: GRANTS,
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 5'],
    demand: 'The document at sector_identifier_uri lists every redirect URI, or the registration fails.',
    code: ['registration/sector-identifier.ts#SectorIdentifier'],
    tests: ['sector-identifier.spec.ts > the sector identifier document (OpenID Connect Registration section 5)'],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Core section 8.1'],
    demand: 'Pairwise clients with several hosts name a sector identifier.',
    code: ['model/rules/subject-types.ts#SUBJECT_TYPE_RULES'],
    tests: [
      'model/rules/subject-types.spec.ts > pairwise-sector: pairwise identifiers need https URIs with one host (OpenID Connect Core section 8.1)',
    ],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 2'],
    demand: 'ID tokens are unsigned only where none leaves the authorization endpoint.',
    code: ['model/rules/signatures.ts#SIGNATURE_RULES'],
    tests: [
      'model/rules/signatures.spec.ts > id-token-signed: an ID token from the authorization endpoint is signed (OpenID Connect Registration section 2)',
    ],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 2'],
    demand: 'Client assertions are signed.',
    code: [TABLE, 'model/rules/client-authentication.ts#CLIENT_AUTHENTICATION_RULES'],
    tests: [
      'model/rules/client-authentication.spec.ts > authentication-algorithm: client_secret_jwt uses HS algorithms, private_key_jwt uses others (OpenID Connect Registration section 2)',
    ],
    remark: `What is registered. Assertions with other algorithms: ${AUTHORIZATION_SERVER}`,
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 2'],
    demand: 'Content encryption comes with key management, and is A128CBC-HS256 by default.',
    code: ['model/rules/encryption.ts#ENCRYPTION_RULES', 'model/metadata/defaults.ts#defaultEncryption'],
    tests: [
      'model/rules/encryption.spec.ts > encryption-needs-algorithm: a content encryption algorithm needs the key management algorithm (OpenID Connect Registration section 2)',
    ],
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 2'],
    demand: 'Request objects that are not signed as registered are refused.',
    remark: AUTHORIZATION_SERVER,
  },
  {
    level: 'MUST',
    sections: ['OpenID Connect Registration section 2'],
    demand: 'Request URIs are https, unless what is behind them is signed.',
    code: ['model/rules/request-uris.ts#REQUEST_URI_RULES'],
    tests: [
      'model/rules/request-uris.spec.ts > request-uri-http: a request URI uses https, or its request object is signed (OpenID Connect Registration section 2)',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 5'],
    demand: 'Short-lived registrations that nobody uses may be dropped.',
    remark:
      'The registry does not see whether a client is used. Clients are deleted by their token or through the API.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 5', 'RFC 7591 section 2.3'],
    demand: 'What no trusted statement says is self-asserted, and weighed as such.',
    code: ['registration/software-statement.ts#SoftwareStatements'],
    tests: ['software-statement.e2e-spec.ts > are needed where the service says so'],
    remark:
      'A service may require statements. What a client may do with unproven claims is decided by the authorization server.',
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 5'],
    demand: 'A second registration of software that has one instance only is suspicious.',
    code: [USE_CASES],
    tests: [
      'software-id.e2e-spec.ts > a service that accepts each software_id only once (RFC 7591 section 5, dcrDuplicateSoftwareIdBlocked)',
    ],
    remark: 'Where the service says so: the registry cannot know which software is meant to have one instance.',
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 5', 'OpenID Connect Registration section 9.1'],
    demand: 'Logo, home page, terms and policy are on the host of a redirect URI, and are there.',
    remark:
      'Refusing others would refuse most real clients, whose logos are on other hosts. The consent page should show where a link leads.',
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 5'],
    demand: 'Users are protected from what is behind those links.',
    code: ['model/metadata/uri-check.ts#uriCheck'],
    remark: `Schemes that run in a browser are refused here. Showing pages and logos: ${AUTHORIZATION_SERVER}`,
  },
  {
    level: 'MAY',
    sections: ['OpenID Connect Registration section 8.2'],
    demand: 'Client IDs may hold the metadata themselves.',
    remark: 'Every registration is kept, and can be read, changed and deleted.',
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 5', 'RFC 7591 section 3.2.1'],
    demand: 'Public clients may register.',
    code: ['model/rules/client-secret.ts#needsClientSecret'],
    tests: ['register.e2e-spec.ts > is no secret, and the client PUBLIC, for none'],
  },

  // Reading
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2', 'RFC 7592 section 2.1'],
    demand: 'The registration access token, as a Bearer token, opens the client configuration endpoint.',
    code: ['protocol/protocol-request.ts#presentedToken', AUTHENTICATE],
    tests: [READ_BACK, UNAUTHORIZED],
    remark: PROXY,
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.1', 'RFC 7592 section 3'],
    demand: 'Success is 200 with the client information response.',
    code: [ENDPOINTS, INFORMATION],
    tests: [READ_BACK],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.1', 'RFC 7592 section 3'],
    demand: 'It holds the URI, the token and the current credentials.',
    code: ['registration/registration-responses.ts#issuedMembers'],
    tests: [READ_BACK],
  },
  {
    level: 'MAY',
    sections: ['OpenID Connect Registration section 4.3'],
    demand: 'Token and URI may be left out where they have not changed.',
    remark: 'RFC 7592 section 3 demands them; they are always there.',
  },
  {
    level: 'MAY',
    sections: ['RFC 7592 section 2.1'],
    demand: 'Reading may give new credentials, never a new client ID.',
    tests: [
      'rotation.e2e-spec.ts > reading gives no new one (section 2.1)',
      'get.e2e-spec.ts > changes nothing, and neither token nor secret is made anew, however often it is called',
    ],
    code: [USE_CASES],
    remark: 'Reading gives none: whoever loses the answer would be locked out.',
  },
  {
    level: 'SHOULD',
    sections: ['OpenID Connect Registration section 4.3', 'RFC 7592 section 2.1'],
    demand: 'Reading changes nothing.',
    code: [USE_CASES],
    tests: ['get.e2e-spec.ts > changes nothing, and neither token nor secret is made anew, however often it is called'],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.1'],
    demand: 'A wrong token is a Bearer error: 401 with a challenge.',
    code: [AUTHENTICATE, 'protocol/error-handler.ts#errorHandler'],
    tests: [UNAUTHORIZED],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.1'],
    demand: 'A client that does not exist is 401, and its token dies.',
    code: [AUTHENTICATE],
    tests: [UNAUTHORIZED],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.1'],
    demand: 'A client that may not read itself is answered with 403.',
    remark: 'Every client may read itself. One that is locked has no valid token any more: 401.',
  },
  {
    level: 'MUST NOT',
    sections: ['OpenID Connect Registration section 4.4', 'RFC 7592 section 2.1'],
    demand: 'Whether there is a client is not told by 404.',
    code: [ENDPOINTS],
    tests: [UNAUTHORIZED],
  },
  {
    level: 'SHOULD',
    sections: ['OpenID Connect Registration section 4'],
    demand: 'Web pages of other origins may call the client configuration endpoint.',
    code: ['protocol/cors.ts#allowOtherOrigins'],
    tests: [
      'cors.e2e-spec.ts > may ask before they call %s',
      'browser.e2e-spec.ts > reads, updates with If-Match and deletes itself, and reads why it may not',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.1', 'RFC 7592 appendix B'],
    demand: 'The token must be that of the client in the URI.',
    code: [AUTHENTICATE],
    tests: [UNAUTHORIZED],
  },
  {
    level: 'MAY',
    sections: ['RFC 7592 appendix B'],
    demand: 'One URI may serve all clients, told apart by their tokens.',
    remark: 'Every client has a URI of its own.',
  },

  // Updating
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'Metadata is replaced by PUT, as one JSON object, with the registration access token.',
    code: [ENDPOINTS],
    tests: [UPDATED],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'Clients send everything that they were answered.',
    code: [USE_CASES],
    tests: [
      'protocol-registration.e2e-spec.ts > PUT takes the response without the four members, and changes nothing (section 2.2)',
    ],
    remark: 'A demand on clients. What they leave out is deleted.',
  },
  {
    level: 'MUST NOT',
    sections: ['RFC 7592 section 2.2'],
    demand: 'Clients do not send the four members that only the server gives.',
    code: [ISSUED],
    tests: [
      REFUSED_UPDATE,
      'update.e2e-spec.ts > of a client that registered %s, complete or without the four members (section 3)',
    ],
    remark:
      'Authlete: they are harmless as they were issued, since its own example sends them; refused by name when they differ.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'New values take the place of the old ones, and are not added to them.',
    code: [USE_CASES],
    tests: [UPDATED, 'update.e2e-spec.ts > new values take the place of none, in both worlds'],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'What is omitted is deleted, or falls back to its default.',
    code: [USE_CASES, 'model/decision/complete.ts#complete'],
    tests: [
      'update.e2e-spec.ts > a client that had everything and says nothing any more is like one that never said anything',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7592 section 2.2'],
    demand: 'Null and empty values may be ignored.',
    code: ['model/decision/read-fields.ts#readFields'],
    tests: ['update.e2e-spec.ts > %j deletes every member'],
    remark: 'They count as omitted.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'The client ID is there, and the one that was issued.',
    code: [ISSUED],
    tests: ['update.e2e-spec.ts > %s where %s is %s'],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'A client secret that is there is the current one.',
    code: [ISSUED],
    tests: ['update.e2e-spec.ts > %s where %s is %s', "update.e2e-spec.ts > refuses another client's secret"],
  },
  {
    level: 'MAY',
    sections: ['RFC 7592 section 2.2', 'RFC 7591 section 2'],
    demand: 'Values may be replaced, and are then returned.',
    code: [NARROW],
    tests: [
      'model/decision/support.spec.ts > a service that narrows (RFC 7591 section 2)',
      'policy.e2e-spec.ts > drop unsupported values from lists where the service narrows (RFC 7591 section 2)',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'Wrong metadata is answered as when registering.',
    code: [DECIDE],
    tests: [
      REFUSED_UPDATE,
      'update.e2e-spec.ts > judges an update as strictly as a registration, and changes nothing (sections 2.2, RFC 7591 section 3.2.2)',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand:
      'Success is 200 with the client information response, for the same client ID; new credentials supersede the old.',
    code: [ENDPOINTS, 'registration/registration-access-token.ts#rotate'],
    tests: [UPDATED],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'A wrong token and an unknown client are 401; what is not allowed is 403.',
    code: [AUTHENTICATE],
    tests: [UNAUTHORIZED],
    remark: 'Every client may update itself, so there is no 403.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.2'],
    demand: 'An update is judged as strictly as a registration.',
    code: [DECIDE, 'model/rules/index.ts#RULES'],
    tests: [
      'model/decision/decide.spec.ts > an update (RFC 7592 section 2.2) > is decided on the new metadata: a member cannot be omitted if another member needs it',
    ],
  },

  // Deleting
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.3'],
    demand: 'Success is 204.',
    code: [ENDPOINTS],
    tests: [DELETED],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.3', 'RFC 7592 section 5'],
    demand: 'Client ID, secret and token are worthless afterwards.',
    code: [USE_CASES],
    tests: [DELETED, 'delete.e2e-spec.ts > leaves nothing of the client, and every other client as it was'],
    remark: `At the authorization and token endpoints: ${AUTHORIZATION_SERVER}`,
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7592 section 2.3'],
    demand: 'Grants and tokens of the client are revoked.',
    remark: AUTHORIZATION_SERVER,
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2', 'RFC 7592 section 2.3'],
    demand: 'Methods that are not supported are 405.',
    code: ['protocol/protocol-plane.ts#protocolPlane'],
    tests: ['protocol-registration.e2e-spec.ts > %s %s is 405 with Allow (RFC 7592 section 2)'],
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 2.3'],
    demand: 'A wrong token and an unknown client are 401; what is not allowed is 403.',
    code: [AUTHENTICATE],
    tests: [UNAUTHORIZED, DELETED],
    remark: 'Every client may delete itself, so there is no 403.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 5', 'RFC 7592 section 2.3'],
    demand: 'The token of a deleted client dies at the same moment.',
    code: [USE_CASES],
    tests: ['delete.e2e-spec.ts > makes the registration access token worthless for %s at once (section 5)'],
  },

  // Errors
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.2.2'],
    demand: 'An error is 400 with one ASCII code, and perhaps a description in ASCII.',
    code: [
      'registration/registration-error.ts#RegistrationError',
      'registration/registration-responses.ts#errorResponse',
    ],
    tests: [
      'protocol-registration.e2e-spec.ts > is 400 with %s for %j (section 3.2.2)',
      'model/text/quote.spec.ts > is printable ASCII of bounded length, and JSON of the beginning of the value (RFC 7591 section 3.2.2)',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3.2.2'],
    demand: 'Errors may have further members.',
    remark: 'They have none.',
  },
  {
    level: 'none',
    sections: ['RFC 7591 section 3.2.2'],
    demand: 'The codes are those for redirect URIs, for metadata, and for statements that are invalid or not approved.',
    code: ['model/wire/errors.ts#ACTION_OF_ERROR'],
    tests: [
      'protocol-registration.e2e-spec.ts > is 400 with %s for %j (section 3.2.2)',
      'software-statement.e2e-spec.ts > are refused when one %s: %s',
    ],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3.2.2', 'RFC 7591 section 2'],
    demand: 'A valid value may take the place of a wrong one.',
    code: [NARROW],
    tests: [
      'model/decision/support.spec.ts > a service that narrows (RFC 7591 section 2)',
      'policy.e2e-spec.ts > drop unsupported values from lists where the service narrows (RFC 7591 section 2)',
    ],
  },
  {
    level: 'MUST',
    sections: ['RFC 7591 section 3.2.2', 'RFC 6750 section 3.1'],
    demand: 'A wrong initial access token is a Bearer error, without a code where no token was sent.',
    code: ['protocol/error-handler.ts#errorHandler'],
    tests: [
      'initial-access-token.e2e-spec.ts > is refused in the same words whatever is wrong with it (RFC 6750 section 3.1)',
    ],
  },
  {
    level: 'none',
    sections: ['RFC 7592 section 2.1', 'RFC 7592 section 2.2', 'RFC 7592 section 2.3'],
    demand: 'Together: a wrong token or an unknown client 401, another method 405, wrong metadata 400.',
    code: ['protocol/error-handler.ts#errorHandler'],
    tests: [UNAUTHORIZED, REFUSED_UPDATE],
  },
  {
    level: 'MAY',
    sections: ['RFC 7591 section 3'],
    demand: 'Callers that are too fast are told so.',
    code: ['protocol/rate-limits.ts#rateLimiters'],
    tests: [
      'rate-limits.e2e-spec.ts > beyond the limit of a service it is 429 for everybody, and for no other service',
    ],
    remark: 'While the store cannot answer, every call is 503 with Retry-After.',
  },

  // Security
  { level: 'MUST', sections: ['RFC 7591 section 5', 'RFC 7592 section 5'], demand: 'TLS 1.2 or later.', remark: PROXY },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 5'],
    demand: 'Registration access tokens cannot be guessed.',
    code: ['registration/registration-access-token.ts#issueRegistrationAccessToken', 'token.ts#newToken'],
    tests: [
      'conformance.e2e-spec.ts > registration access tokens have 256 random bits, no two alike (RFC 7592 section 5)',
    ],
  },
  {
    level: 'SHOULD NOT',
    sections: ['RFC 7592 section 5'],
    demand: 'They do not expire while the client is in use.',
    code: [AUTHENTICATE],
    tests: ['rotation.e2e-spec.ts > is off: an update leaves the token as it is'],
    remark: 'They have no lifetime at all.',
  },
  {
    level: 'MAY',
    sections: ['RFC 7592 section 5'],
    demand: 'They may be replaced when the client reads or updates itself.',
    code: ['registration/registration-access-token.ts#rotate'],
    tests: ['rotation.e2e-spec.ts > gives a new token with every update, and the one before is worthless at once'],
    remark: 'Where the service says so, with updates only.',
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7592 section 5', 'RFC 7592 appendix A.1'],
    demand: 'The token before is discarded.',
    code: ['registration/registration-access-token.ts#rotate'],
    tests: [
      'rotation.e2e-spec.ts > gives a new token with every update, and the one before is worthless at once',
      'rotation.e2e-spec.ts > the token before still reads, updates and deletes while it lasts, and not after',
    ],
    remark: 'At once, or after the grace period that the service says.',
  },
  {
    level: 'MUST',
    sections: ['RFC 7592 section 1.2', 'RFC 7592 section 2.1'],
    demand: 'A registration access token is for one client, and for its configuration endpoint only.',
    code: [AUTHENTICATE],
    tests: [UNAUTHORIZED, 'initial-access-token.e2e-spec.ts > does not manage clients (RFC 7592 section 1.2)'],
  },
  {
    level: 'MAY',
    sections: ['RFC 7592 section 2.2', 'RFC 7592 appendix A.1'],
    demand: 'Client secrets may be replaced, too.',
    code: [USE_CASES],
    tests: ['update.e2e-spec.ts > makes a new secret, not the old one, when the client comes back from none'],
    remark: 'Only when a client that had none needs one again.',
  },
  {
    level: 'none',
    sections: ['RFC 7592 section 3', 'RFC 7591 section 3.2.1'],
    demand: 'Tokens and secrets may be kept as hashes, which nothing demands.',
    code: ['store/secret-encryption.ts#SecretEncryption', 'token.ts#hashToken'],
    tests: ['register.e2e-spec.ts > is kept as a hash or encrypted: neither secret nor token stands in the row'],
    remark: 'The token as a hash, since the one presented is echoed; the secret encrypted, since it must be had back.',
  },
  {
    level: 'SHOULD',
    sections: ['RFC 7591 section 5'],
    demand: 'Users are warned of clients that are new or say all of themselves.',
    remark: `${AUTHORIZATION_SERVER} \`createdAt\` and \`clientSource\` of the client tell it what it needs.`,
  },
  {
    level: 'none',
    sections: ['RFC 7591 section 6'],
    demand: 'Contacts are personal data, and the client ID of an installation can follow its user.',
    remark: 'Nothing of a client outlives its deletion, and nothing but what it registered is kept of it.',
  },
];
