/** The OpenAPI document of the built server. */
export async function openApiPage(): Promise<string> {
  // The build, because tsx does not emit the metadata of decorators from which Nest injects.
  const { createApp } = await built<typeof import('../../apps/server/src/app.ts')>('app.js');
  const { Config } = await built<typeof import('../../apps/server/src/config/config.ts')>('config/config.js');
  const { OpenApiController } = await built<typeof import('../../apps/server/src/openapi/openapi.controller.ts')>(
    'openapi/openapi.controller.js',
  );
  const app = await createApp(Config.from({ DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' }));
  try {
    await app.init();
    // Loads the plugins and so their routes.
    await app.getHttpAdapter().getInstance().ready();
    return `${JSON.stringify(app.get(OpenApiController).document(), undefined, 2)}\n`;
  } finally {
    await app.close();
  }
}

function built<Module>(path: string): Promise<Module> {
  return import(new URL(`../../apps/server/dist/${path}`, import.meta.url).href) as Promise<Module>;
}
