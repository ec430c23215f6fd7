import { createHash } from 'node:crypto';
import { idOfCredential, operationHtml, type Operation } from './docs-operation.ts';
import type { OpenApiDocument } from './document.ts';
import { code, escape, folded, prose } from './html.ts';
import type { Schema } from './metadata-schema.ts';
import { idOfSchema, schemaHtml } from './schema-html.ts';

/** The colors are those of the browser, light or dark. */
const STYLE =
  ':root{color-scheme:light dark}' +
  'body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}' +
  'summary{cursor:pointer;padding:.25rem 0}details>div{padding:0 0 1rem 1rem;border-left:2px solid GrayText}' +
  'table{border-collapse:collapse;width:100%;margin:.5rem 0}' +
  'th,td{text-align:left;vertical-align:top;padding:.25rem .5rem .25rem 0;border-bottom:1px solid GrayText}' +
  'th,td:first-child:not(:has(code)){overflow-wrap:normal}' +
  'h4{margin:1rem 0 .25rem}pre{white-space:pre-wrap;padding:.5rem;border:1px solid GrayText}code{font-size:.95em}';

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
  return page(
    'Clientele',
    '<p>A client registry for OAuth 2.0 and OpenID Connect.</p><ul><li><a href="docs">Description of the API</a></li>' +
      '<li><a href="openapi.json">The same for programs (OpenAPI)</a></li></ul>',
  );
}

/** The description of the API as a page that loads nothing else. Its examples call this base URL. */
export function docsPage({ info, tags, paths, components }: OpenApiDocument, baseUrl: string): string {
  const { schemas, securitySchemes } = components as {
    schemas: Readonly<Record<string, Schema>>;
    securitySchemes: Readonly<Record<string, { readonly description: string }>>;
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation,
      tag: (operation.tags as string[])[0],
    })),
  );
  const sections = (tags as { name: string; description: string }[]).map(({ name, description }) => {
    const inside = operations
      .filter(({ tag }) => tag === name)
      .map(({ method, path, operation }) =>
        operationHtml(method, path, operation as unknown as Operation, { baseUrl, schemas }),
      );
    return `<h2>${escape(name)}</h2><p>${prose(description)}</p>${inside.join('')}`;
  });
  const credentials = Object.entries(securitySchemes).map(
    ([name, { description }]) => `<li id="${escape(idOfCredential(name))}">${code(name)}: ${prose(description)}</li>`,
  );
  const shapes = Object.entries(schemas).map(([name, schema]) =>
    folded(idOfSchema(name), code(name), schemaHtml(schema)),
  );
  return page(
    `${info.title} API`,
    `<p>The same for programs: <a href="openapi.json">openapi.json</a></p>${sections.join('')}` +
      `<h2>Credentials</h2><p>Each is sent as <code>Authorization: Bearer</code>.</p><ul>${credentials.join('')}</ul>` +
      `<h2>Schemas</h2>${shapes.join('')}`,
  );
}

function page(title: string, content: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>` +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>` +
    `<body><main><h1>${escape(title)}</h1>${content}</main></body></html>`
  );
}
