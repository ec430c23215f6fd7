import { join } from 'node:path';
import type { TsdownPlugin } from 'tsdown';
import ts from 'typescript';
import { flatTypes } from './flat-types.ts';

const project = join(import.meta.dirname, '..');
const flatModel = join(project, 'model.d.ts');
let declarations: string | undefined;

/**
 * Replaces `@clientele/model`, which is not published with the SDK, by the types that `src/models.ts` exports. Other
 * declarations import them from `models`, the output file of `src/models.ts`.
 */
export function modelTypes(models: string): TsdownPlugin {
  return {
    name: 'model-types',
    resolveId: {
      order: 'pre',
      handler(id) {
        if (id === '@clientele/model') return flatModel;
        return /^\.{1,2}\/models\.ts$/.test(id) ? { id: models, external: 'relative' } : null;
      },
    },
    load: (id) =>
      id === flatModel ? (declarations ??= flatTypes(join(project, 'src/models.ts'), compilerOptions())) : null,
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          // The printer puts the comment of a member on the line of the previous member, where editors do not find it.
          if (file.type === 'chunk' && /\.d\.c?ts$/.test(file.fileName))
            file.code = file.code.replaceAll('; /**', ';\n  /**');
        }
      },
    },
  };
}

function compilerOptions(): ts.CompilerOptions {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic(diagnostic) {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    },
  };
  const config = ts.getParsedCommandLineOfConfigFile(join(project, 'tsconfig.json'), {}, host);
  if (!config) throw new Error('The compiler cannot read tsconfig.json.');
  return config.options;
}
