/**
 * Creates `dist/server`, from which the server runs without the workspace, and `dist/clientele.cdx.json`, the list of the packages that
 * `npm ci` installs there, in the format CycloneDX: `npx nx run server:package`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { billOfMaterials } from './package/bill-of-materials.ts';
import { packageServer } from './package/package-server.ts';

const FOLDER = fileURLToPath(new URL('../dist/server', import.meta.url));

packageServer(FOLDER);
writeFileSync(new URL('../dist/clientele.cdx.json', import.meta.url), billOfMaterials(FOLDER, '@clientele/server'));
