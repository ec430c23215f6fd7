import { Controller, Get, Header } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Routes, type RouteDescription } from '../http/routes.ts';
import { PublicUrls } from '../services/public-urls.ts';
import { DOCS_POLICY, docsPage, startPage } from './docs-page.ts';
import { openApiDocument, type OpenApiDocument } from './document.ts';

const describe = (id: string, summary: string, response: RouteDescription['response']) =>
  RouteConfig({ description: { id, tag: 'Operation', summary, response } satisfies RouteDescription });

/** The description of the API, for programs and for people. */
@Controller()
export class OpenApiController {
  private created: OpenApiDocument | undefined;

  constructor(
    private readonly routes: Routes,
    private readonly urls: PublicUrls,
  ) {}

  @Get()
  @Header('content-security-policy', DOCS_POLICY)
  @Header('content-type', 'text/html; charset=utf-8')
  @describe('start', 'Links to this document', { type: 'text/html' })
  start(): string {
    return startPage();
  }

  @Get('openapi.json')
  @describe('openapi', 'This document', { schema: 'OpenApi' })
  document(): OpenApiDocument {
    return (this.created ??= openApiDocument(this.routes.described));
  }

  @Get('docs')
  @Header('content-security-policy', DOCS_POLICY)
  @Header('x-content-type-options', 'nosniff')
  @Header('content-type', 'text/html; charset=utf-8')
  @describe('docs', 'This document, for people', { type: 'text/html' })
  page(): string {
    return docsPage(this.document(), this.urls.baseUrl);
  }
}
