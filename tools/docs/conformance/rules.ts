import { may, must, mustNot, plain, should, shouldNot, type ConformanceRule } from './rule.ts';

/** Remarks on duties of other components. */
const PROXY = 'The proxy in front provides TLS. `BASE_URL` is https and the base of every issued URI.';
const AUTHORIZATION_SERVER = 'Duty of the authorization server that uses this registry.';

/** Code that several rules name. */
const ENDPOINTS = 'protocol/registration-endpoints.ts#RegistrationEndpoints';
const USE_CASES = 'registration/client-registration.ts#ClientRegistration';
const INFORMATION = 'registration/registration-responses.ts#clientInformation';
const ISSUED_MEMBERS = 'registration/registration-responses.ts#issuedMembers';
const AUTHENTICATE = 'registration/registration-access-token.ts#authenticate';
const ROTATE = 'registration/registration-access-token.ts#rotate';
const STATEMENTS = 'registration/software-statement.ts#SoftwareStatements';
const ERRORS = 'protocol/error-handler.ts#errorHandler';
const DECIDE = 'model/decision/decide.ts#decide';
const FIELDS = 'model/decision/read-fields.ts#readFields';
const ISSUED = 'model/decision/issued-members.ts#checkIssuedMembers';
const COMPLETE = 'model/decision/complete.ts#complete';
const SUPPORT = 'model/decision/check-support.ts#checkSupport';
const TABLE = 'model/metadata/client-metadata.ts#CLIENT_METADATA';

/** Tests that several rules name. */
const DEFAULTS =
  'model/decision/decide.spec.ts > are the registered metadata of a client that sends nothing (RFC 7591 section 2)';
const REMAINS =
  'model/decision/decide.spec.ts > an update (RFC 7592 section 2.2) > is decided on the new metadata: a member cannot be omitted if another member needs it';
const REGISTERED =
  'protocol-registration.e2e-spec.ts > returns 201 with the client information response (section 3.2.1)';
const REFUSED = 'protocol-registration.e2e-spec.ts > returns 400 with %s for %j (section 3.2.2)';
const READ = 'protocol-registration.e2e-spec.ts > GET returns 200 with the response of the registration (section 2.1)';
const UPDATED = 'protocol-registration.e2e-spec.ts > PUT returns 200 and replaces all metadata (section 2.2)';
const REFUSED_UPDATE = 'protocol-registration.e2e-spec.ts > PUT with %s returns 400 and changes nothing (section 2.2)';
const DELETED = 'protocol-registration.e2e-spec.ts > DELETE%s returns 204 and invalidates the token (section 2.3)';
const UNAUTHORIZED =
  'conformance.e2e-spec.ts > with %s returns 401 with the challenge of RFC 6750, never 404 (RFC 7592 sections 2.1, 2.2 and 2.3, OpenID Connect Registration section 4.4)';
const NAMED_CREDENTIALS =
  'conformance.e2e-spec.ts > the response contains the credentials and their time of issue (RFC 7591 section 3.2.1, RFC 7592 section 3)';
const WRONG_INITIAL_TOKEN =
  'initial-access-token.e2e-spec.ts > is refused with the same response for every reason (RFC 6750 section 3.1)';
const CLAIMS_WIN =
  'software-statement.e2e-spec.ts > take precedence over members of the same name (section 3.1.1), and cannot set what the server issues';
const NEW_SECRET = 'register.e2e-spec.ts > include a secret of 512 bits that does not expire for %s';
const PUBLIC = 'register.e2e-spec.ts > include no secret for none, and the client type is PUBLIC';
const UNCHANGED = 'get.e2e-spec.ts > changes nothing but the time of its use, and issues no new token or secret';
const ROTATED = 'rotation.e2e-spec.ts > every update issues a new token and invalidates the previous token at once';
const GRANT_RULES = 'model/rules/grant-types.ts#GRANT_TYPE_RULES';
const GRANTS = [
  'model/rules/grant-types.spec.ts > grant-authorization-code: the grant type needs a response type that contains code (RFC 7591 section 2.1)',
  'model/rules/grant-types.spec.ts > grant-implicit: the grant type needs a response type that contains token or id_token (RFC 7591 section 2.1)',
];
const NARROWED = [
  'model/decision/support.spec.ts > a service that narrows (RFC 7591 section 2)',
  'policy.e2e-spec.ts > a service that narrows removes unsupported values from lists (RFC 7591 section 2)',
];

/** The demands on servers, by operation; numbered from 1. */
export const RULES: readonly ConformanceRule[] = [
  // Registering
  must('RFC 7591 section 3, 3.1', 'Metadata arrives by POST, as the members of one JSON object.', {
    code: [ENDPOINTS, 'model/decision/read-request.ts#readRequest'],
    tests: [REGISTERED, 'protocol-registration.e2e-spec.ts > returns 415 for the Content-Type %j (section 3.1)'],
  }),
  must('RFC 7591 section 3, 5', 'The endpoint is behind TLS.', { remark: PROXY }),
  should('RFC 7591 section 3', 'Anybody may register without authorization.', {
    code: ENDPOINTS,
    tests: REGISTERED,
    remark: 'A service may require initial access tokens instead.',
  }),
  may('RFC 7591 section 3', 'The server may require an initial access token.', {
    code: USE_CASES,
    tests: 'initial-access-token.e2e-spec.ts > registers no more clients than it allows',
  }),
  must('OpenID Connect Registration section 3; RFC 7591 section 3', 'The initial access token is a Bearer token.', {
    code: 'protocol/protocol-request.ts#presentedToken',
    tests: WRONG_INITIAL_TOKEN,
  }),
  may('RFC 7591 section 3', 'The server may limit the rate of open registration.', {
    code: 'protocol/rate-limits.ts#rateLimiters',
    tests:
      'rate-limits.e2e-spec.ts > a request beyond the limit of an address gets 429 with Retry-After, and registers nothing',
    remark: 'By address and by service. Initial access tokens limit the number of registered clients.',
  }),
  should('OpenID Connect Registration section 3', 'Web pages of other origins may register.', {
    code: 'protocol/cors.ts#allowOtherOrigins',
    tests: [
      'cors.e2e-spec.ts > may send a preflight request to %s',
      'browser.e2e-spec.ts > discovers the registration endpoint, and registers after a preflight request',
    ],
  }),
  must('RFC 7591 section 3.1, 3.2.1, 6', 'The server chooses the client ID, never the client.', {
    code: 'database/time-ordered-id.ts#timeOrderedId',
    tests: 'register.e2e-spec.ts > are never the values that the client requests',
  }),
  mustNot(
    'RFC 7591 section 3.2.1; OpenID Connect Registration section 3.2',
    'A client ID belongs to one client only.',
    {
      code: [USE_CASES, 'clients/client-store.ts#ClientStore'],
      tests:
        'register.e2e-spec.ts > are unique for concurrent registrations, and a client ID is a decimal string below 2^53',
    },
  ),
  must('RFC 7591 section 5', 'Instances that share a client ID are limited to one flow and one set of redirect URIs.', {
    remark: 'No two registrations share a client ID.',
  }),
  may('RFC 7591 section 3.1, 2', 'The server may fill in omitted metadata.', { code: COMPLETE, tests: DEFAULTS }),
  must('RFC 7591 section 2', 'The server ignores unknown metadata.', {
    code: FIELDS,
    tests: 'register.e2e-spec.ts > omits a member that is %s: %s (RFC 7591 section 2)',
  }),
  may('RFC 7591 section 2, 3.2.1', 'The server may replace or refuse values, and its response says so.', {
    code: [FIELDS, SUPPORT],
    tests: NARROWED,
  }),
  mustNot(
    'OpenID Connect Registration section 3.2',
    'The server accepts or refuses redirect URIs, and never replaces them.',
    {
      code: FIELDS,
      tests:
        'conformance.e2e-spec.ts > redirect URIs are all stored as sent, or all refused (OpenID Connect Registration section 3.2)',
    },
  ),
  must('RFC 7591 section 2, 5', 'Clients of flows with redirection register their redirect URIs.', {
    code: 'model/rules/redirect-uris-present.ts#REDIRECT_URIS_PRESENT',
    tests: [
      'model/rules/redirect-uris.spec.ts > redirect-uris-present: a client that uses a flow with redirection registers its redirect URIs (RFC 7591 section 2)',
      'bad-input.e2e-spec.ts > causes invalid_redirect_uri if the flow needs redirect URIs and there are none (RFC 7591 section 2)',
    ],
    remark: 'Authlete: on the API plane, a client that names no flow needs none.',
  }),
  must(
    'RFC 7591 section 2',
    'If omitted, the method is client_secret_basic, the grant type authorization_code, the response type code.',
    {
      code: [TABLE, 'model/metadata/defaults.ts#defaultGrantTypes', 'model/metadata/defaults.ts#defaultResponseTypes'],
      tests: DEFAULTS,
    },
  ),
  may(
    'RFC 7591 section 2',
    'The server may accept more methods, grant types and response types than the registered ones.',
    { remark: 'Accepted are the values in the table of client metadata and the extension grants of a service.' },
  ),
  should('RFC 7591 section 2.1', 'The server refuses grant types and response types that contradict each other.', {
    code: GRANT_RULES,
    tests: GRANTS,
  }),
  may('RFC 7591 section 5', 'The server may refuse combinations of grant types that should be separate.', {
    code: SUPPORT,
    remark: 'A service limits grant types; otherwise the combination is accepted.',
  }),
  must('RFC 7591 section 3.2, 3.2.1', 'Success is 201 with one JSON object.', { code: ENDPOINTS, tests: REGISTERED }),
  must(
    'RFC 7591 section 3.2.1',
    'The response contains the client ID and all registered metadata, including filled-in values.',
    {
      code: INFORMATION,
      tests: [
        'register.e2e-spec.ts > contains all registered metadata, including defaults, and nothing else',
        REGISTERED,
      ],
    },
  ),
  must('RFC 7591 section 3.2.1', 'A client secret belongs to one client only.', {
    code: 'crypto/token.ts#newClientSecret',
    tests: [NEW_SECRET, "update.e2e-spec.ts > refuses another client's secret"],
  }),
  must('RFC 7591 section 3.2.1', 'The response with a secret says when the secret expires; 0 means never.', {
    code: ISSUED_MEMBERS,
    tests: NEW_SECRET,
  }),
  may('RFC 7591 section 3.2.1', 'The response may say when the client ID was issued, in seconds.', {
    code: ISSUED_MEMBERS,
    tests: NAMED_CREDENTIALS,
  }),
  may(
    'RFC 7591 section 3.2.1; OpenID Connect Registration section 3.2',
    'Clients that need no secret need not get one.',
    {
      code: 'model/rules/client-secret.ts#needsClientSecret',
      tests: ['register.e2e-spec.ts > include no secret for %s, which does not use one', PUBLIC],
    },
  ),
  must('RFC 7592 section 3', 'The response contains the registration access token and its absolute URI.', {
    code: [ISSUED_MEMBERS, 'services/public-urls.ts#PublicUrls'],
    tests: NAMED_CREDENTIALS,
  }),
  should('RFC 7591 section 3.2.1, 5', 'Responses with credentials are not cached.', {
    code: 'protocol/protocol-plane.ts#protocolPlane',
    tests:
      'protocol-registration.e2e-spec.ts > no response may be cached, and every response has a request ID (RFC 7591 section 5)',
  }),
  may('RFC 7591 section 2.3, 3.1.1', 'Metadata may be in a software statement, in members, or in both.', {
    code: STATEMENTS,
    tests: CLAIMS_WIN,
  }),
  may('RFC 7591 section 3.1.1', 'A server that does not support statements may ignore them.', {
    remark: 'They are supported. A service without trusted issuers refuses them, because the client relies on them.',
  }),
  must('RFC 7591 section 2.3', 'A statement is a signed JWT with an issuer.', {
    code: STATEMENTS,
    tests: 'software-statement.e2e-spec.ts > must be signed with an algorithm that the service allows for the issuer',
  }),
  must('RFC 7591 section 2.3, 3.1.1', 'Claims of a trusted statement override members of the same name.', {
    code: STATEMENTS,
    tests: CLAIMS_WIN,
  }),
  must('RFC 7591 section 3.2.1', 'The response contains the unmodified statement, and its used claims as members.', {
    code: INFORMATION,
    tests:
      'software-statement.e2e-spec.ts > are returned unmodified, with their claims as members beside them (section 3.2.1)',
  }),
  may('RFC 7591 section 2.3', 'A statement may itself be a client ID.', {
    remark: 'Client IDs are numbers, as in Authlete.',
  }),
  must('RFC 7591 section 2', 'Request and response contain keys by reference or by value, not both.', {
    code: 'model/rules/key-sources.ts#KEY_SOURCE_RULES',
    tests: [
      'model/rules/key-sources.spec.ts > keys-one-source: a client has jwks or jwks_uri, not both (RFC 7591 section 2)',
      'update.e2e-spec.ts > keys by value replace keys by reference, and the reverse',
    ],
  }),
  must('RFC 7591 section 2; RFC 7517 section 5', 'Keys by value are a JWK Set without private and symmetric keys.', {
    code: ['model/metadata/json-checks.ts#keySetProblems', 'model/keys/key-problem.ts#keyProblem'],
    tests: [
      'model/keys/key-problem.spec.ts > keys of unknown types (RFC 7517 section 5) > violate %s: %j',
      'model/keys/key-problem.spec.ts > refuses a key, with the position and the reason',
      'model/keys/common-members.spec.ts > is refused as %j, and not repeated',
    ],
    remark: 'The authorization server fetches `jwks_uri` when it needs a key.',
  }),
  should('RFC 7591 section 2.2', 'Members may have language tags, compared without regard to case.', {
    code: ['model/metadata/language-tags.ts#taggedNames', 'model/metadata/language-tags.ts#tagProblem'],
    tests: [
      'register.e2e-spec.ts > contains tagged values beside the untagged value, and the client contains a list of them',
      'model/metadata/language-tags.spec.ts > language tags (RFC 7591 section 2.2)',
    ],
  }),
  must(
    'OpenID Connect Registration section 6',
    'Strings are compared code point by code point, and never normalized.',
    {
      code: USE_CASES,
      tests:
        'conformance.e2e-spec.ts > strings are stored and compared by code points (OpenID Connect Registration section 6)',
    },
  ),
  must('OpenID Connect Registration section 7; RFC 7592 section 2.2', 'Metadata that fails a check is not used.', {
    code: [DECIDE, 'model/rules/index.ts#RULES'],
    tests: REMAINS,
  }),
  must(
    'OpenID Connect Registration section 2; RFC 8252 section 7',
    'Redirect URIs fit the application type: https for web clients of the implicit flow, loopback or private-use schemes for native clients.',
    {
      code: 'model/rules/redirect-uris.ts#REDIRECT_URI_RULES',
      tests: [
        'model/rules/redirect-uris.spec.ts > redirect-uri-implicit-web: a web client with the implicit grant uses https, not on loopback (OpenID Connect Registration section 2)',
        'model/rules/redirect-uris.spec.ts > redirect-uri-native: a native client uses http only on loopback, and https only elsewhere (OpenID Connect Registration section 2)',
      ],
      remark: 'Native clients may also use https (RFC 8252 section 7.2).',
    },
  ),
  may('RFC 7591 section 5', 'The server may refuse further http redirect URIs.', {
    code: 'model/metadata/uri-check.ts#uriCheck',
    tests:
      'model/rules/redirect-uris.spec.ts > redirect-uri-http: a redirect URI uses http only on loopback (RFC 7591 section 5)',
  }),
  must(
    'OpenID Connect Registration section 2; RFC 7591 section 2.1',
    'The grant types include those that the response types need.',
    { code: GRANT_RULES, tests: GRANTS },
  ),
  must(
    'OpenID Connect Registration section 5',
    'If the document at sector_identifier_uri lacks a redirect URI, the registration fails.',
    {
      code: 'registration/sector-identifier.ts#SectorIdentifierDocuments',
      tests:
        'registration/sector-identifier.spec.ts > the sector identifier document (OpenID Connect Registration section 5)',
    },
  ),
  must('OpenID Connect Core section 8.1', 'Pairwise clients with several hosts name a sector identifier.', {
    code: 'model/rules/subject-types.ts#SUBJECT_TYPE_RULES',
    tests:
      'model/rules/subject-types.spec.ts > pairwise-sector: pairwise identifiers need https URIs with one host (OpenID Connect Core section 8.1)',
  }),
  must(
    'OpenID Connect Registration section 2',
    'ID tokens are unsigned only if the authorization endpoint returns none.',
    {
      code: 'model/rules/signatures.ts#SIGNATURE_RULES',
      tests:
        'model/rules/signatures.spec.ts > id-token-signed: an ID token from the authorization endpoint is signed (OpenID Connect Registration section 2)',
    },
  ),
  must('OpenID Connect Registration section 2', 'Client assertions are signed.', {
    code: [TABLE, 'model/rules/client-authentication.ts#CLIENT_AUTHENTICATION_RULES'],
    tests:
      'model/rules/client-authentication.spec.ts > authentication-algorithm: client_secret_jwt uses HS algorithms, private_key_jwt uses others (OpenID Connect Registration section 2)',
    remark:
      'Registered algorithms are checked here. The authorization server refuses assertions with other algorithms.',
  }),
  must(
    'OpenID Connect Registration section 2',
    'Content encryption needs key management; the default is A128CBC-HS256.',
    {
      code: ['model/rules/encryption.ts#ENCRYPTION_RULES', 'model/metadata/defaults.ts#defaultEncryption'],
      tests:
        'model/rules/encryption.spec.ts > encryption-needs-algorithm: a content encryption algorithm needs the key management algorithm (OpenID Connect Registration section 2)',
    },
  ),
  must('OpenID Connect Registration section 2', 'Request objects that are not signed as registered are refused.', {
    remark: AUTHORIZATION_SERVER,
  }),
  must('OpenID Connect Registration section 2', 'Request URIs use https, unless the request object is signed.', {
    code: 'model/rules/request-uris.ts#REQUEST_URI_RULES',
    tests:
      'model/rules/request-uris.spec.ts > request-uri-http: a request URI uses https, or its request object is signed (OpenID Connect Registration section 2)',
  }),
  may('RFC 7591 section 5', 'The server may delete short-lived registrations that nobody uses.', {
    remark:
      'The registry does not see whether a client is used. Clients are deleted by their token or through the API.',
  }),
  must('RFC 7591 section 5, 2.3', 'Metadata outside of a trusted statement is treated as self-asserted.', {
    code: STATEMENTS,
    tests: 'software-statement.e2e-spec.ts > are required if softwareStatementRequired is set',
    remark:
      'A service may require statements. The authorization server decides what clients with unproven claims may do.',
  }),
  should('RFC 7591 section 5', 'A second registration of single-instance software is suspicious.', {
    code: USE_CASES,
    tests:
      'software-id.e2e-spec.ts > a service that accepts each software_id only once (RFC 7591 section 5, dcrDuplicateSoftwareIdBlocked)',
    remark: 'Only if the service says so: the registry does not know which software has one instance.',
  }),
  should(
    'RFC 7591 section 5; OpenID Connect Registration section 9.1',
    'Logo, home page, terms and policy exist on the host of a redirect URI.',
    {
      remark:
        'Not checked, because most real clients have logos on other hosts. The consent page should show the target of a link.',
    },
  ),
  should('RFC 7591 section 5', 'Users are protected from the content of these links.', {
    code: 'model/metadata/uri-check.ts#uriCheck',
    remark:
      'Schemes that run in a browser are refused here. The authorization server protects users when it shows pages and logos.',
  }),
  may('OpenID Connect Registration section 8.2', 'Client IDs may contain the metadata.', {
    remark: 'Every registration is stored, and can be read, updated and deleted.',
  }),
  may('RFC 7591 section 5, 3.2.1', 'Public clients may register.', {
    code: 'model/rules/client-secret.ts#needsClientSecret',
    tests: PUBLIC,
  }),

  // Reading
  must(
    'RFC 7592 section 2, 2.1',
    'The client configuration endpoint requires the registration access token as a Bearer token.',
    { code: ['protocol/protocol-request.ts#presentedToken', AUTHENTICATE], tests: [READ, UNAUTHORIZED], remark: PROXY },
  ),
  must('RFC 7592 section 2.1, 3', 'Success is 200 with the client information response.', {
    code: [ENDPOINTS, INFORMATION],
    tests: READ,
  }),
  must('RFC 7592 section 2.1, 3', 'The response contains the URI, the token and the current credentials.', {
    code: ISSUED_MEMBERS,
    tests: READ,
  }),
  may('OpenID Connect Registration section 4.3', 'The response may omit an unchanged token and URI.', {
    remark: 'RFC 7592 section 3 requires them; they are always present.',
  }),
  may('RFC 7592 section 2.1', 'Reading may return new credentials, but never a new client ID.', {
    code: USE_CASES,
    tests: ['rotation.e2e-spec.ts > a read issues no new token (section 2.1)', UNCHANGED],
    remark: 'Reading returns no new ones: a lost response would lock the client out.',
  }),
  should('OpenID Connect Registration section 4.3; RFC 7592 section 2.1', 'Reading changes nothing.', {
    code: USE_CASES,
    tests: UNCHANGED,
  }),
  must('RFC 7592 section 2.1', 'A wrong token is a Bearer error: 401 with a challenge.', {
    code: [AUTHENTICATE, ERRORS],
    tests: UNAUTHORIZED,
  }),
  must('RFC 7592 section 2.1', 'An unknown client is 401, and its token is revoked.', {
    code: AUTHENTICATE,
    tests: UNAUTHORIZED,
  }),
  must('RFC 7592 section 2.1', 'A client that may not read itself gets 403.', {
    remark: 'Every client may read itself. The token of a locked client is invalid: 401.',
  }),
  mustNot(
    'OpenID Connect Registration section 4.4; RFC 7592 section 2.1',
    '404 does not reveal whether a client exists.',
    { code: ENDPOINTS, tests: UNAUTHORIZED },
  ),
  should(
    'OpenID Connect Registration section 4',
    'Web pages of other origins may call the client configuration endpoint.',
    {
      code: 'protocol/cors.ts#allowOtherOrigins',
      tests: [
        'cors.e2e-spec.ts > may send a preflight request to %s',
        'browser.e2e-spec.ts > reads, updates with If-Match and deletes its client, and can read errors',
      ],
    },
  ),
  must('RFC 7592 section 2.1; RFC 7592 appendix B', 'The token must belong to the client in the URI.', {
    code: AUTHENTICATE,
    tests: UNAUTHORIZED,
  }),
  may('RFC 7592 appendix B', 'All clients may share one URI, distinguished by their tokens.', {
    remark: 'Every client has its own URI.',
  }),

  // Updating
  must('RFC 7592 section 2.2', 'PUT replaces metadata as one JSON object, with the registration access token.', {
    code: ENDPOINTS,
    tests: UPDATED,
  }),
  must('RFC 7592 section 2.2', 'Clients send all members of the response.', {
    code: USE_CASES,
    tests:
      'protocol-registration.e2e-spec.ts > PUT of a previous response without the four members changes nothing (section 2.2)',
    remark: 'A demand on clients. Omitted members are deleted.',
  }),
  mustNot('RFC 7592 section 2.2', 'Clients do not send the four members that only the server issues.', {
    code: ISSUED,
    tests: [
      REFUSED_UPDATE,
      'update.e2e-spec.ts > of a client that registered %s, complete or without the four members (section 3)',
    ],
    remark:
      'Authlete: they are accepted if unchanged, because its own example sends them, and refused by name if changed.',
  }),
  must('RFC 7592 section 2.2', 'New values replace the previous ones, and are not added to them.', {
    code: USE_CASES,
    tests: [UPDATED, 'update.e2e-spec.ts > new members are added to the response content and to the client'],
  }),
  must('RFC 7592 section 2.2', 'Omitted members are deleted or get their defaults.', {
    code: [USE_CASES, COMPLETE],
    tests:
      'update.e2e-spec.ts > an empty update of a client with every member gives the same client as an empty registration',
  }),
  may('RFC 7592 section 2.2', 'Null and empty values may be ignored.', {
    code: FIELDS,
    tests: 'update.e2e-spec.ts > %j deletes every member',
    remark: 'They count as omitted.',
  }),
  must('RFC 7592 section 2.2', 'The client ID is present and is the issued one.', {
    code: ISSUED,
    tests: 'update.e2e-spec.ts > returns %s if %s is %s',
  }),
  must('RFC 7592 section 2.2', 'A client secret, if present, is the current one.', {
    code: ISSUED,
    tests: ['update.e2e-spec.ts > returns %s if %s is %s', "update.e2e-spec.ts > refuses another client's secret"],
  }),
  may('RFC 7592 section 2.2; RFC 7591 section 2', 'The server may replace values, and then returns them.', {
    code: FIELDS,
    tests: NARROWED,
  }),
  must('RFC 7592 section 2.2', 'Wrong metadata gets the same response as in a registration.', {
    code: DECIDE,
    tests: [
      REFUSED_UPDATE,
      'update.e2e-spec.ts > refuses the same metadata as a registration, and changes nothing (section 2.2, RFC 7591 section 3.2.2)',
    ],
  }),
  must(
    'RFC 7592 section 2.2',
    'Success is 200 with the client information response for the same client ID; new credentials replace the previous ones.',
    { code: [ENDPOINTS, ROTATE], tests: UPDATED },
  ),
  must('RFC 7592 section 2.2', 'A wrong token and an unknown client are 401; a forbidden update is 403.', {
    code: AUTHENTICATE,
    tests: UNAUTHORIZED,
    remark: 'Every client may update itself, so there is no 403.',
  }),
  must('RFC 7592 section 2.2', 'An update is checked as strictly as a registration.', {
    code: [DECIDE, 'model/rules/index.ts#RULES'],
    tests: REMAINS,
  }),

  // Deleting
  must('RFC 7592 section 2.3', 'Success is 204.', { code: ENDPOINTS, tests: DELETED }),
  must('RFC 7592 section 2.3, 5', 'Client ID, secret and token are invalid afterwards.', {
    code: USE_CASES,
    tests: [DELETED, 'delete.e2e-spec.ts > deletes the client, and changes no other client'],
    remark: 'The authorization server refuses them at its authorization and token endpoints.',
  }),
  should('RFC 7592 section 2.3', 'Grants and tokens of the client are revoked.', { remark: AUTHORIZATION_SERVER }),
  must('RFC 7592 section 2, 2.3', 'Unsupported methods are 405.', {
    code: 'protocol/protocol-plane.ts#protocolPlane',
    tests: 'protocol-registration.e2e-spec.ts > %s %s returns 405 with Allow (RFC 7592 section 2)',
  }),
  must('RFC 7592 section 2.3', 'A wrong token and an unknown client are 401; a forbidden deletion is 403.', {
    code: AUTHENTICATE,
    tests: [UNAUTHORIZED, DELETED],
    remark: 'Every client may delete itself, so there is no 403.',
  }),
  must('RFC 7592 section 5, 2.3', 'The token of a deleted client becomes invalid at the same moment.', {
    code: USE_CASES,
    tests: 'delete.e2e-spec.ts > invalidates the registration access token for %s at once (section 5)',
  }),

  // Errors
  must('RFC 7591 section 3.2.2', 'An error is 400 with one ASCII code and an optional ASCII description.', {
    code: ['http/registration-error.ts#RegistrationError', 'registration/registration-responses.ts#errorResponse'],
    tests: [
      REFUSED,
      'model/text/quote.spec.ts > is printable ASCII of bounded length, and JSON of the beginning of the value (RFC 7591 section 3.2.2)',
    ],
  }),
  may('RFC 7591 section 3.2.2', 'Errors may have further members.', { remark: 'They have none.' }),
  plain(
    'RFC 7591 section 3.2.2',
    'The codes are for redirect URIs, metadata, invalid statements and unapproved statements.',
    {
      code: 'model/wire/errors.ts#ACTION_OF_ERROR',
      tests: [REFUSED, 'software-statement.e2e-spec.ts > are refused if one %s: %s'],
    },
  ),
  may('RFC 7591 section 3.2.2, 2', 'A valid value may replace a wrong one.', { code: FIELDS, tests: NARROWED }),
  must(
    'RFC 7591 section 3.2.2; RFC 6750 section 3.1',
    'A wrong initial access token is a Bearer error, without a code if no token was sent.',
    { code: ERRORS, tests: WRONG_INITIAL_TOKEN },
  ),
  plain(
    'RFC 7592 section 2.1, 2.2, 2.3',
    'A wrong token or unknown client is 401, another method 405, wrong metadata 400.',
    { code: ERRORS, tests: [UNAUTHORIZED, REFUSED_UPDATE] },
  ),
  may('RFC 7591 section 3', 'The server may tell callers that they send too many requests.', {
    code: 'protocol/rate-limits.ts#rateLimiters',
    tests:
      'rate-limits.e2e-spec.ts > a request beyond the limit of a service gets 429 from any address, and other services are not affected',
    remark: 'If the store is unavailable, every request is 503 with Retry-After.',
  }),

  // Security
  must('RFC 7591 section 5; RFC 7592 section 5', 'TLS 1.2 or later is used.', { remark: PROXY }),
  must('RFC 7592 section 5', 'Registration access tokens cannot be guessed.', {
    code: ['registration/registration-access-token.ts#issueRegistrationAccessToken', 'crypto/token.ts#newToken'],
    tests:
      'conformance.e2e-spec.ts > registration access tokens have 256 random bits and are unique (RFC 7592 section 5)',
  }),
  shouldNot('RFC 7592 section 5', 'Registration access tokens do not expire while the client is in use.', {
    code: AUTHENTICATE,
    tests: 'rotation.e2e-spec.ts > is disabled by default: an update does not change the token',
    remark: 'They have no lifetime.',
  }),
  may('RFC 7592 section 5', 'Registration access tokens may be replaced when the client reads or updates itself.', {
    code: ROTATE,
    tests: ROTATED,
    remark: 'Only with updates, if the service says so.',
  }),
  should('RFC 7592 section 5; RFC 7592 appendix A.1', 'The previous registration access token is discarded.', {
    code: ROTATE,
    tests: [
      ROTATED,
      'rotation.e2e-spec.ts > the previous token can read and update during the grace period, and is invalid after it',
    ],
    remark: 'At once, or after the grace period of the service.',
  }),
  must(
    'RFC 7592 section 1.2, 2.1',
    'A registration access token is for one client and its configuration endpoint only.',
    {
      code: AUTHENTICATE,
      tests: [UNAUTHORIZED, 'initial-access-token.e2e-spec.ts > cannot manage clients (RFC 7592 section 1.2)'],
    },
  ),
  may('RFC 7592 section 2.2; RFC 7592 appendix A.1', 'Client secrets may be replaced, too.', {
    code: USE_CASES,
    tests: 'update.e2e-spec.ts > is a new secret after a change back from none',
    remark: 'Only if a client without a secret needs one again.',
  }),
  plain(
    'RFC 7592 section 3; RFC 7591 section 3.2.1',
    'Tokens and secrets may be stored as hashes; nothing requires it.',
    {
      code: ['crypto/secret-encryption.ts#SecretEncryption', 'crypto/token.ts#hashToken'],
      tests:
        'register.e2e-spec.ts > are stored hashed or encrypted, so that the row contains neither the secret nor the token',
      remark:
        'The token is hashed, because the response repeats the token of the request. The secret is encrypted, because it must be readable.',
    },
  ),
  should('RFC 7591 section 5', 'Users are warned of new clients and of clients with only self-asserted metadata.', {
    remark: `${AUTHORIZATION_SERVER} It can use \`createdAt\` and \`clientSource\` of the client.`,
  }),
  plain('RFC 7591 section 6', 'Contacts are personal data, and the client ID of an installation can track its user.', {
    remark: 'After deletion, nothing of a client remains. Only its registered data is stored.',
  }),
];
