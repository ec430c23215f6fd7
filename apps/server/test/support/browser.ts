import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';

/** A started Chromium, or the reason why none can be started. */
export type StartedBrowser =
  { readonly browser: Browser } | { readonly browser: undefined; readonly unavailable: string };

const PACKAGE = '@sparticuz/chromium';
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/clientele', import.meta.url));

const ARGUMENTS = [
  // Chromium's sandbox needs user namespaces and does not start as root. This browser opens only our pages.
  '--no-sandbox',
  '--disable-gpu',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/**
 * Starts the Chromium at `CHROMIUM_PATH`; throws if it does not start. Without this variable, starts the Chromium that npm
 * installed. Some machines do not have the libraries for it.
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

function unavailable(reason: string): StartedBrowser {
  return {
    browser: undefined,
    unavailable: `Chromium cannot be started (CHROMIUM_PATH can name another one): ${reason}`,
  };
}

/** Has no time limit, so that tests are not skipped if Chromium starts slowly on a busy machine. */
function launch(executablePath: string): Promise<Browser> {
  return puppeteer.launch({ executablePath, headless: 'shell', args: ARGUMENTS, timeout: 0 });
}

/** The path of the packaged Chromium. Each version is unpacked at its first use. */
async function packagedChromium(): Promise<string> {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const folder = join(CACHE, `chromium-${devDependencies[PACKAGE]}`);
  if (!existsSync(folder)) await unpack(folder);
  return join(folder, 'chromium');
}

/** Creates the complete folder or none, even if several processes do this concurrently. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    // The package unpacks into the folder for temporary files, and uses any existing file named chromium there.
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
