import { defineConfig } from 'tsdown';
import { modelTypes } from './build/model-types.ts';

export default defineConfig({
  entry: { index: 'src/index.ts', models: 'src/models.ts' },
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  fixedExtension: false,
  dts: true,
  // The option `plugins` has no effect on the declarations of the CommonJS build.
  inputOptions: (options, format) => ({
    ...options,
    plugins: [modelTypes(format === 'cjs' ? './models.cjs' : './models.js'), options.plugins],
  }),
});
