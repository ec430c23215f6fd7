import { createHash } from 'node:crypto';
import { idOfCredential, operationHtml } from './docs-operation.ts';
import { STYLE } from './docs-style.ts';
import type { OpenApiDocument } from './document.ts';
import { code, escape, folded, linkTo, prose } from './html.ts';
import type { Schema } from './metadata-schema.ts';
import type { Operation } from './operation.ts';
import { idOfSchema, schemaHtml } from './schema-html.ts';
import { sdkSetup } from './sdk-call.ts';

/** The registration of a client, as a square with a line for each piece of metadata. */
const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#246"/>' +
      '<path d="M4 5h8M4 8h8M4 11h5" stroke="#fff" stroke-width="1.5"/></svg>',
  );

/** Allows only the style and the icon inside the page: no scripts, no requests, no frames. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at the root, from which the others can be found. */
export function startPage(): string {
  return page(
    'Clientele',
    '<main><h1>Clientele</h1><p>A client registry for OAuth 2.0 and OpenID Connect.</p><ul>' +
      '<li><a href="docs">Description of the API</a></li>' +
      '<li><a href="openapi.json">The same for programs (OpenAPI)</a></li></ul></main>',
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
      operation: operation as unknown as Operation,
      tag: (operation.tags as string[])[0],
    })),
  );
  const sections = (tags as { name: string; description: string }[]).map(({ name, description }) => ({
    name,
    description,
    inside: operations.filter(({ tag }) => tag === name),
  }));
  const contents = sections.map(({ name, inside }) => {
    const links = inside.map(
      ({ method, operation: { operationId, summary } }) =>
        `<li>${linkTo(operationId, `${code(method.toUpperCase())} ${escape(shortened(summary))}`)}</li>`,
    );
    return `<details><summary>${escape(name)}</summary><ul>${links.join('')}</ul></details>`;
  });
  const descriptions = sections.map(({ name, description, inside }) => {
    const folds = inside.map(({ method, path, operation }) =>
      operationHtml(method, path, operation, { baseUrl, schemas }),
    );
    return `<h2>${escape(name)}</h2><p>${prose(description)}</p>${folds.join('')}`;
  });
  const credentials = Object.entries(securitySchemes).map(
    ([name, { description }]) => `<li id="${escape(idOfCredential(name))}">${code(name)}: ${prose(description)}</li>`,
  );
  const shapes = Object.entries(schemas).map(([name, schema]) =>
    folded(idOfSchema(name), code(name), schemaHtml(schema)),
  );
  const title = `${info.title} API`;
  return page(
    title,
    `<nav id="contents" aria-label="Contents">${contents.join('')}<ul><li>${linkTo('schemas', 'Schemas')}</li></ul></nav>` +
      `<main><h1>${escape(title)}</h1><p>The same for programs: <a href="openapi.json">openapi.json</a></p>` +
      '<h2>Credentials</h2><p>Each is sent as <code>Authorization: Bearer</code>. The examples with curl take it ' +
      'and the ID of the service from variables, such as <code>ACCESS_TOKEN</code> and <code>SERVICE_ID</code>: ' +
      `paste the lines with <code>export</code> that the first start prints. Other values are examples.</p><ul>${credentials.join('')}</ul>` +
      `<p>The examples with the SDK begin with:</p><pre>${escape(sdkSetup(baseUrl))}</pre>` +
      `${descriptions.join('')}<h2 id="schemas">Schemas</h2>${shapes.join('')}` +
      `<p class="up">${linkTo('contents', 'Contents')}</p></main>`,
  );
}

/** The first clause of a summary. */
function shortened(summary: string): string {
  return summary.split(/ \(|[;:,.]/, 1)[0] ?? summary;
}

function page(title: string, body: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="${ICON}">` +
    `<style>${STYLE}</style></head><body>${body}</body></html>`
  );
}
