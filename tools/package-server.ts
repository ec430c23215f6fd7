/** Makes `dist/server`, the folder that the server runs from alone: `npx nx run server:package`. */
import { fileURLToPath } from 'node:url';
import { packageServer } from './package/package-server.ts';

packageServer(fileURLToPath(new URL('../dist/server', import.meta.url)));
