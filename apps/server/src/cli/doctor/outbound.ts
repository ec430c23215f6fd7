import type { Config } from '../../config/config.ts';
import { certificateProblem } from '../../config/known-failures.ts';
import { DocumentFetcher, DocumentFetchError } from '../../outbound/document-fetcher.ts';
import type { Service } from '../../services/service.ts';
import { isLoopbackHost } from '../../config/hosts.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** The largest number of documents that are fetched. */
const DOCUMENTS = 20;

/** Checks that documents of clients are fetched only from public addresses, with verified certificates. */
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
        'NODE_TLS_REJECT_UNAUTHORIZED is 0: certificates are not verified, so anybody in the network can impersonate a server.',
        'Remove it. Use NODE_EXTRA_CA_CERTS for the certificates of your own authority.',
      ),
    );
  }
  if (allowLoopbackFetch) {
    const message = 'ALLOW_LOOPBACK_FETCH is true: clients can make the server call this machine.';
    const advice = 'Remove it; it is only for development.';
    const isPublic = !isLoopbackHost(new URL(baseUrl).hostname);
    findings.push((isPublic ? failed : warning)('outbound', message, advice));
  }
  if (findings.length > 0) return findings;
  return [ok('outbound', 'Documents of clients are fetched only from public addresses, over https.')];
}

/** Fetches the keys of the issuers of software statements, as a registration would. */
export async function checkIssuerKeys(
  { allowLoopbackFetch }: Pick<Config, 'allowLoopbackFetch'>,
  services: readonly Service[],
): Promise<readonly Finding[]> {
  const uris = new Map<string, number>();
  for (const { apiKey, softwareStatementIssuers = [] } of services) {
    for (const { jwks, jwksUri } of softwareStatementIssuers)
      if (jwks === undefined && jwksUri !== undefined) uris.set(jwksUri, apiKey);
  }
  const fetcher = new DocumentFetcher(allowLoopbackFetch);
  const findings: Finding[] = [];
  for (const [uri, serviceId] of [...uris].slice(0, DOCUMENTS)) {
    try {
      await fetcher.fetchJson(uri, serviceId);
      findings.push(ok('outbound', `The keys of an issuer of software statements can be fetched from ${uri}.`));
    } catch (error) {
      if (!(error instanceof DocumentFetchError)) throw error;
      const certificate = certificateProblem(error.cause);
      const reason = certificate === undefined ? error.message : `${certificate.problem}.`;
      const message = `The keys of an issuer of software statements cannot be fetched from ${uri}: ${reason}`;
      const advice = certificate?.remedy ?? 'Correct jwksUri, allow connections to it, or set jwks.';
      findings.push(warning('outbound', message, advice));
    }
  }
  return findings;
}
