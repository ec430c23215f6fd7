const clientId = 906124783513602;

const metadata = {
  client_name: 'My Dynamic Client',
  redirect_uris: ['https://client.example.org/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
};

/** The values of examples in the OpenAPI document. */
export const EXAMPLE = {
  serviceId: 986126671,
  clientId,
  token: 'kJYdiGUeBbu9JScVmTkpkE_6Jh0DbsXJeCvDJKgJT3E',
  initialAccessTokenId: 906124783513601,
  apiAccessTokenId: '5f2b1c0a9d3e',
  clientIdentifier: String(clientId),
  subject: 'john',
  client: {
    clientName: 'My Client',
    redirectUris: ['https://client.example.org/callback'],
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
  },
  metadata,
  replacement: { client_id: String(clientId), ...metadata, client_name: 'My Renamed Client' },
} as const;
