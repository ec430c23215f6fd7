import { readFileSync } from 'node:fs';
import { PAGES, ROOT } from './pages.ts';

describe('the generated documentation', () => {
  it.each(Object.entries(PAGES))('%s is what the code says now (npm run docs)', async (path, page) => {
    expect(readFileSync(new URL(path, ROOT), 'utf8')).toBe(await page());
  });
});
