/** The values that the examples speak of; whoever tries one has others. */
export const EXAMPLE = {
  serviceId: 986126671,
  clientId: 906124783513602,
  token: 'kJYdiGUeBbu9JScVmTkpkE_6Jh0DbsXJeCvDJKgJT3E',
  initialAccessTokenId: 906124783513601,
} as const;

const METADATA = {
  client_name: 'My Dynamic Client',
  redirect_uris: ['https://client.example.org/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
};
const REPLACEMENT = { client_id: String(EXAMPLE.clientId), ...METADATA, client_name: 'My Renamed Client' };
const { clientId, token } = EXAMPLE;

/** What is sent, by operation. */
export const REQUEST_EXAMPLES: Readonly<Record<string, unknown>> = {
  registerClient: { json: JSON.stringify(METADATA) },
  getClient: { clientId, token },
  updateClient: { clientId, token, json: JSON.stringify(REPLACEMENT) },
  deleteClient: { clientId, token },
  explainRegistration: { operation: 'register', plane: 'protocol', json: JSON.stringify(METADATA) },
  updateService: { serviceName: 'My Service', dynamicRegistrationSupported: true },
  createInitialAccessToken: { expiresIn: 86400, uses: 1, label: 'A partner' },
  register: METADATA,
  replaceRegistration: REPLACEMENT,
};
