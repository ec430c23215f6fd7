#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { URL } from 'node:url';

// This file is in the repository, because npm links commands before the build.
const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('clientele: The server is not built yet. Run: npx nx build server\n');
  process.exitCode = 1;
}
