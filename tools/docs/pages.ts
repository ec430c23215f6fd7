import { clientMetadataPage } from './client-metadata-page.ts';
import { configurationPage } from './configuration-page.ts';
import { limitsPage } from './limits-page.ts';
import { resultCodesPage } from './result-codes-page.ts';

/** The generated pages: path in the repository and what makes its text. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'docs/client-metadata.md': clientMetadataPage,
  'docs/configuration.md': configurationPage,
  'docs/limits.md': limitsPage,
  'docs/result-codes.md': resultCodesPage,
};

export const ROOT = new URL('../../', import.meta.url);
