export const ROOT = new URL('../../', import.meta.url);

const MODEL = 'model/';

/** The path below `ROOT` of a source file: `model/path` is one of the model, any other one of the server. */
export function sourceFile(path: string): string {
  return path.startsWith(MODEL) ? `libs/model/src/${path.slice(MODEL.length)}` : `apps/server/src/${path}`;
}
