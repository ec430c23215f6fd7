import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { index: 'src/index.ts', metadata: 'src/metadata.ts', decision: 'src/decision.ts', wire: 'src/wire.ts' },
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  fixedExtension: false,
  dts: true,
});
