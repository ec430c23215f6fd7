import { fileURLToPath } from 'node:url';
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { layers } from './tools/lint/layers.mjs';

/** The layers of folders, from top to bottom. A folder may import only from folders below it. */
const LAYERS = {
  'apps/server/src': [
    'cli',
    '.',
    // Edges
    'openapi',
    'protocol',
    'management',
    // Features
    'administration',
    'registration',
    'lookup',
    'audit',
    'clients',
    'access',
    'services',
    // Ground: knows no feature
    'transfer',
    'changes',
    'http',
    'outbound',
    'database',
    'observability',
    'crypto',
    'files',
    'shares',
    'config',
  ],
  'apps/server/src/administration': ['.', 'services', 'tokens', 'secrets', 'clients', 'patch'],
  'libs/model/src': ['.', 'decision', 'rules', 'responses', 'dto', 'metadata', 'keys', 'uris', 'wire', 'text'],
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/coverage/**', '**/.nx/**', '**/data/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    // Linting runs in the project's folder (see the `lint` scripts).
    languageOptions: { parserOptions: { project: ['tsconfig.spec.json'], tsconfigRootDir: process.cwd() } },
    rules: {
      // A type parameter or an index signature is often the plainest way to say what a wire object is.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest's options are typed as classes and meant as object literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Nest's modules and DTOs are classes for the sake of their decorators.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/prefer-literal-enum-member': 'off',
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          depConstraints: [
            {
              sourceTag: 'scope:model',
              onlyDependOnLibsWithTags: ['scope:model'],
              bannedExternalImports: ['@nestjs/*', 'fastify', 'node:*'],
            },
            {
              sourceTag: 'scope:client',
              onlyDependOnLibsWithTags: ['scope:client', 'scope:model'],
              bannedExternalImports: [
                '@nestjs/*',
                'class-validator',
                'class-transformer',
                'reflect-metadata',
                'fastify',
              ],
            },
            { sourceTag: 'scope:oidc-provider', onlyDependOnLibsWithTags: ['scope:client'] },
            {
              sourceTag: 'scope:server',
              onlyDependOnLibsWithTags: ['scope:server', 'scope:client', 'scope:model'],
            },
            { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
    },
  },
  {
    files: [
      '**/*.spec.ts',
      '**/test/**/*.ts',
      '**/*.config.ts',
      '**/*.config.mjs',
      '**/jest.preset.mjs',
      'tools/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@nx/enforce-module-boundaries': 'off',
    },
  },
  {
    files: Object.keys(LAYERS).map((folder) => `${folder}/**/*.ts`),
    ignores: ['**/*.spec.ts'],
    plugins: { layers: { rules: { order: layers } } },
    rules: {
      'layers/order': [
        'error',
        ...Object.entries(LAYERS).map(([folder, order]) => ({
          root: fileURLToPath(new URL(folder, import.meta.url)),
          order,
        })),
      ],
    },
  },
  {
    // A server on the embedded store must not load the driver of PostgreSQL.
    files: ['apps/server/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/postgres-*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^pg$|/postgres-[a-z-]+\\.ts$', allowTypeImports: true, message: 'Use import().' }] },
      ],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  prettier,
);
