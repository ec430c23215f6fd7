import type { ProtocolRegistration } from '@clientele/model/metadata';
import type { FirstService } from './administration/services/create-service.ts';
import type { PublicUrls } from './services/public-urls.ts';
import { registrationEndpoint } from './services/server-metadata.ts';
import type { Service } from './services/service.ts';

/** The client of the README. */
const FIRST_CLIENT = {
  client_name: 'My Dynamic Client',
  redirect_uris: ['https://client.example.com/callback'],
};

/** The output of the first start on an empty store: everything for a first registration. */
export function welcome(urls: PublicUrls, { service, accessToken }: FirstService): string {
  const { apiKey: serviceId, protocolRegistration } = service;
  const token = accessToken ?? '$BOOTSTRAP_ACCESS_TOKEN';
  const call = (path: string, body: object): string => `curl -s ${urls.baseUrl}/api/${serviceId}${path} \\
  -H "Authorization: Bearer ${token}" \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(body)}'
`;
  return `
  Welcome to Clientele. This store was empty; it now has one service.

    Service ID         ${serviceId}
    API access token   ${accessToken ?? 'the one in BOOTSTRAP_ACCESS_TOKEN'}
    Registration       ${whoMayRegister(protocolRegistration, urls.clientRegistrationEndpoint(service))}
${accessToken === undefined ? '' : '\n  The token is shown only once, because only its hash is stored.\n'}
  Paste these lines into a shell for the examples of the documentation and for the command line: clientele --help (in a clone,
  npx clientele --help). To store the connection instead, run clientele login.

export SERVICE_ID=${serviceId} ACCESS_TOKEN=${token}
export CLIENTELE_URL=${urls.baseUrl}/api/${serviceId} CLIENTELE_TOKEN=${token}
${
  protocolRegistration === 'INITIAL_ACCESS_TOKEN'
    ? `
  Create an initial access token for a client application:

${call('/initial_access_token/create', { uses: 1 })}`
    : ''
}
  Register a first client:

${call('/client/registration', { json: JSON.stringify(FIRST_CLIENT) })}
`;
}

/** The same for programs. */
export function welcomeDocument(urls: PublicUrls, { service, accessToken }: FirstService): object {
  const { apiKey: serviceId, protocolRegistration } = service;
  const { baseUrl } = urls;
  return {
    baseUrl,
    serviceId,
    ...(accessToken !== undefined && { accessToken }),
    ...registrationMembers(urls, service),
    ...(protocolRegistration === 'INITIAL_ACCESS_TOKEN' && {
      initialAccessTokenEndpoint: `${baseUrl}/api/${serviceId}/initial_access_token/create`,
    }),
  };
}

/** Returns the text that says who may register at a new service on the protocol plane, and where. */
export function whoMayRegister(protocolRegistration: ProtocolRegistration, endpoint: string): string {
  switch (protocolRegistration) {
    case 'OPEN':
      return `anybody, at ${endpoint}`;
    case 'INITIAL_ACCESS_TOKEN':
      return `holders of an initial access token, at ${endpoint}`;
    case 'OFF':
      return 'only through the API';
  }
}

/** The same for programs. */
function registrationMembers(urls: PublicUrls, service: Service) {
  const { protocolRegistration } = service;
  return { protocolRegistration, registrationEndpoint: registrationEndpoint(service, urls) };
}
