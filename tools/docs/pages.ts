import { clientMetadataPage } from './client-metadata-page.ts';
import { configurationPage } from './configuration-page.ts';
import { conformancePage } from './conformance-page.ts';
import { limitsPage } from './limits-page.ts';
import { observabilityPage } from './observability-page.ts';
import { openApiPage } from './openapi-page.ts';
import { resultCodesPage } from './result-codes-page.ts';
import { ROOT } from './root.ts';
import { rulesPage } from './rules-page.ts';

/** The generated pages: the path in the repository, and the function that creates the text. */
export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/client-metadata.md': clientMetadataPage,
  'docs/configuration.md': configurationPage,
  'docs/conformance.md': conformancePage,
  'docs/limits.md': limitsPage,
  'docs/observability.md': observabilityPage,
  'docs/openapi.json': openApiPage,
  'docs/result-codes.md': resultCodesPage,
  'docs/rules.md': rulesPage,
};

export { ROOT };
