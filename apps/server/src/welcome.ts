import type { FirstService } from './administration/create-service.ts';

/** The output of the first start on an empty store: everything for a first registration. */
export function welcome(baseUrl: string, { serviceId, accessToken }: FirstService): string {
  const token = accessToken ?? '$BOOTSTRAP_ACCESS_TOKEN';
  const body = JSON.stringify({ json: JSON.stringify({ client_name: 'My Dynamic Client' }) });
  return `
  Welcome to Clientele. This store was empty; it now has one service.

    Service ID         ${serviceId}
    API access token   ${accessToken ?? 'the one in BOOTSTRAP_ACCESS_TOKEN'}
${accessToken === undefined ? '' : '\n  The token is shown only once, because only its hash is stored.\n'}
  Administer it with the command line (clientele client --help):

export CLIENTELE_URL=${baseUrl}/api/${serviceId} CLIENTELE_TOKEN=${token}

  Register a first client:

curl -s ${baseUrl}/api/${serviceId}/client/registration \\
  -H "Authorization: Bearer ${token}" \\
  -H 'Content-Type: application/json' \\
  -d '${body}'

`;
}

/** The same for programs. */
export function welcomeDocument(baseUrl: string, { serviceId, accessToken }: FirstService): object {
  return { baseUrl, serviceId, ...(accessToken !== undefined && { accessToken }) };
}
