import { createHash } from 'node:crypto';
import type { OpenApiDocument } from './document.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}' +
  'pre{overflow:auto;padding:.5rem;border:1px solid}summary{cursor:pointer}code{font-size:.95em}';

/** Allows only the style of the page: no scripts, no images, no other sites, no frames. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at the root, from which the others can be found. */
export function startPage(): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Clientele</title>' +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body><h1>Clientele</h1>` +
    '<p>A client registry for OAuth 2.0 and OpenID Connect.</p><ul><li><a href="docs">Description of the API</a></li>' +
    '<li><a href="openapi.json">The same for programs (OpenAPI)</a></li></ul></body></html>'
  );
}

/** The description of the API as a page that loads nothing else. */
export function docsPage({ info, tags, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = (tags as { name: string; description: string }[]).map(({ name, description }) => {
    const inside = operations.filter(({ operation }) => (operation.tags as string[])[0] === name);
    return `<h2>${escape(name)}</h2><p>${escape(description)}</p>${inside
      .map(({ method, path, operation }) => {
        const { summary, ...details } = operation;
        return folded(`${method.toUpperCase()} ${path}`, String(summary), details);
      })
      .join('')}`;
  });
  const { schemas } = components as { schemas: Readonly<Record<string, unknown>> };
  const shapes = Object.entries(schemas).map(([name, schema]) => folded(name, '', schema));
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(info.title)} API</title>` +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>` +
    `<h1>${escape(info.title)} API</h1><p>The same for programs: <a href="openapi.json">openapi.json</a></p>` +
    `${sections.join('')}<h2>Schemas</h2>${shapes.join('')}</body></html>`
  );
}

function folded(head: string, summary: string, content: unknown): string {
  const json = escape(JSON.stringify(content, undefined, 2));
  return `<details><summary><code>${escape(head)}</code> ${escape(summary)}</summary><pre>${json}</pre></details>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
