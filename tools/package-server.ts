/** Creates `dist/server`, from which the server runs without the workspace: `npx nx run server:package`. */
import { fileURLToPath } from 'node:url';
import { packageServer } from './package/package-server.ts';

packageServer(fileURLToPath(new URL('../dist/server', import.meta.url)));
