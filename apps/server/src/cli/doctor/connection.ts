import { describeFailure } from '../../database/describe-failure.ts';
import { isExposed, readConnection, tokenSource, type Connection } from '../connection.ts';
import { fetchDocument } from '../fetch-document.ts';
import { readLogin } from '../login-file.ts';
import { fetchOwnToken } from '../own-token.ts';
import { describeToken } from '../token-summary.ts';
import { checkDateOf } from './clock.ts';
import { failed, ok, warning, type Finding } from './finding.ts';
import { checkRunning } from './running-server.ts';

/**
 * Checks the connection of the commands that call a server: the server, and what the token may do. A server at one of the `checked`
 * URLs has been checked already.
 */
export async function checkConnection(
  environment: NodeJS.ProcessEnv,
  checked: readonly (string | undefined)[],
): Promise<readonly Finding[]> {
  let connection: Connection | undefined;
  try {
    connection = connectionIn(environment);
  } catch (error) {
    return [failed('connection', describeFailure(error), "Correct it, or run 'clientele login' again.")];
  }
  if (connection === undefined)
    return [
      ok('connection', "No connection is stored. 'clientele login' stores one for the commands that call a server."),
    ];
  const { baseUrl } = connection;
  const token = await fetchOwnToken(connection, tokenSource(environment));
  if ('problem' in token) return [warning('connection', token.problem, token.remedy)];
  const seen = `Commands call ${baseUrl}. ${describeToken(token)}`;
  const finding = isExposed(baseUrl)
    ? warning('connection', `${seen} The token is sent without encryption.`, 'Use https.')
    : ok('connection', seen);
  if (checked.includes(baseUrl)) return [finding];
  const response = await fetchDocument(`${baseUrl}/`);
  return [
    finding,
    ...(await checkRunning(baseUrl)),
    ...('problem' in response ? [] : [checkDateOf(baseUrl, response)]),
  ];
}

/** The connection of the environment or of the login; `undefined` if neither has one. */
function connectionIn(environment: NodeJS.ProcessEnv): Connection | undefined {
  const { CLIENTELE_URL: url = '', CLIENTELE_TOKEN: token = '' } = environment;
  if (url === '' && token === '' && readLogin(environment) === undefined) return undefined;
  return readConnection(environment);
}
