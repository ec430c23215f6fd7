/** Writes the pages of `docs/` that are generated from the code. */
import { writeFileSync } from 'node:fs';
import { PAGES, ROOT } from './docs/pages.ts';

for (const [path, page] of Object.entries(PAGES)) {
  writeFileSync(new URL(path, ROOT), await page());
  console.log(path);
}
