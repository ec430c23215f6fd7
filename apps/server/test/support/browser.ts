import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';

/** A started Chromium, or why there is none on this machine. */
export type StartedBrowser =
  { readonly browser: Browser } | { readonly browser: undefined; readonly unavailable: string };

const PACKAGE = '@sparticuz/chromium';
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/clientele', import.meta.url));

const ARGUMENTS = [
  // Chromium's sandbox starts neither as root nor where containers have no user namespaces; it opens nothing but our pages.
  '--no-sandbox',
  '--disable-gpu',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/**
 * Starts the Chromium at `CHROMIUM_PATH`, and throws where that cannot be; without it, the one that npm has brought, which not
 * every machine has the libraries for.
 */
export async function startBrowser(): Promise<StartedBrowser> {
  const { CHROMIUM_PATH: configured } = process.env;
  if (configured) return { browser: await launch(configured) };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return unavailable(`${PACKAGE} is for Linux on x64`);
  }
  const path = await packagedChromium();
  try {
    return { browser: await launch(path) };
  } catch (error) {
    return unavailable(String(error));
  }
}

function unavailable(why: string): StartedBrowser {
  return { browser: undefined, unavailable: `No Chromium can be started (CHROMIUM_PATH names another one): ${why}` };
}

/** Without a time limit: one that starts slowly on a busy machine is there, and its tests are not to be skipped. */
function launch(executablePath: string): Promise<Browser> {
  return puppeteer.launch({ executablePath, headless: 'shell', args: ARGUMENTS, timeout: 0 });
}

/** Where the packaged Chromium is, which is unpacked at the first use of each version. */
async function packagedChromium(): Promise<string> {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const folder = join(CACHE, `chromium-${devDependencies[PACKAGE]}`);
  if (!existsSync(folder)) await unpack(folder);
  return join(folder, 'chromium');
}

/** Leaves the folder whole or not at all, whoever else does the same at the same time. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    // The package unpacks into the folder for temporary files, and takes whatever is called chromium there for its own.
    const script = `const { default: chromium } = await import('${PACKAGE}'); await chromium.executablePath();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: { ...process.env, TMPDIR: unfinished },
    });
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
