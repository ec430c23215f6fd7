import type { Config } from '../../config/config.ts';
import { DocumentFetcher, DocumentFetchError } from '../../outbound/document-fetcher.ts';
import type { Service } from '../../services/service.ts';
import { isLoopbackHost } from '../../outbound/addresses.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Documents that are fetched to see whether they can be. */
const DOCUMENTS = 20;

/** Whether what clients refer to can be fetched from the public internet alone, over connections that are checked. */
export function checkOutbound(
  { allowLoopbackFetch }: Pick<Config, 'allowLoopbackFetch'>,
  baseUrl: string,
  { NODE_TLS_REJECT_UNAUTHORIZED: tls }: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (tls === '0') {
    findings.push(
      failed(
        'outbound',
        'NODE_TLS_REJECT_UNAUTHORIZED is 0: anybody on the way can answer for any server.',
        'Take it away; NODE_EXTRA_CA_CERTS names the certificates of an authority of your own.',
      ),
    );
  }
  if (allowLoopbackFetch) {
    const seen = 'ALLOW_LOOPBACK_FETCH is true: clients can make the server call this machine.';
    const advice = 'Take it away; it is for development only.';
    const isPublic = !isLoopbackHost(new URL(baseUrl).hostname);
    findings.push((isPublic ? failed : warning)('outbound', seen, advice));
  }
  if (findings.length > 0) return findings;
  return [ok('outbound', 'Documents of clients are fetched from public addresses alone, over https.')];
}

/** Whether the keys of those who sign software statements can be fetched, as a registration would fetch them. */
export async function checkKeysOfIssuers(
  { allowLoopbackFetch }: Pick<Config, 'allowLoopbackFetch'>,
  services: readonly Service[],
): Promise<readonly Finding[]> {
  const uris = services
    .flatMap(({ softwareStatementIssuers = [] }) => softwareStatementIssuers)
    .flatMap(({ jwks, jwksUri }) => (jwks === undefined && jwksUri !== undefined ? [jwksUri] : []));
  const fetcher = new DocumentFetcher(allowLoopbackFetch);
  const findings: Finding[] = [];
  for (const uri of [...new Set(uris)].slice(0, DOCUMENTS)) {
    try {
      await fetcher.fetchJson(uri);
      findings.push(ok('outbound', `The keys of an issuer of software statements can be fetched from ${uri}.`));
    } catch (error) {
      if (!(error instanceof DocumentFetchError)) throw error;
      const seen = `The keys of an issuer of software statements cannot be fetched from ${uri}: ${error.message}`;
      findings.push(warning('outbound', seen, 'Correct jwksUri, let the server out to it, or give the keys in jwks.'));
    }
  }
  return findings;
}
