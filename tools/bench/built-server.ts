import type * as ClientRegistrationModule from '../../apps/server/src/registration/client-registration.ts';
import type * as PublicUrlsModule from '../../apps/server/src/public-urls.ts';
import type * as RegistrationMetadataModule from '../../apps/server/src/registration/registration-metadata.ts';
import type * as RegistrationResponsesModule from '../../apps/server/src/registration/registration-responses.ts';
import type * as SectorIdentifierModule from '../../apps/server/src/registration/sector-identifier.ts';
import type * as ServiceModule from '../../apps/server/src/service/service.ts';
import type * as SoftwareStatementModule from '../../apps/server/src/registration/software-statement.ts';

/** What benchmarks call of the server. */
export type ServerModules = typeof ClientRegistrationModule &
  typeof PublicUrlsModule &
  typeof RegistrationMetadataModule &
  typeof RegistrationResponsesModule &
  typeof SectorIdentifierModule &
  typeof ServiceModule &
  typeof SoftwareStatementModule;

const MODULES = [
  'public-urls',
  'registration/client-registration',
  'registration/registration-metadata',
  'registration/registration-responses',
  'registration/sector-identifier',
  'registration/software-statement',
  'service/service',
];

/**
 * The server as it was built, and is run: what compiles TypeScript on the fly adds calls of its own, which a benchmark would
 * measure too. Use it without the export condition that leads to the sources.
 */
export async function builtServer(): Promise<ServerModules> {
  const dist = new URL('../../apps/server/dist/', import.meta.url);
  await import('reflect-metadata');
  const modules = await Promise.all(MODULES.map((name) => import(new URL(`${name}.js`, dist).href) as Promise<object>));
  return Object.assign({}, ...modules) as ServerModules;
}
