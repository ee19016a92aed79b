import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

const source = (path: string): string =>
  fileURLToPath(new URL(`../../libs/client/src/${path}`, import.meta.url));

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  build: { outDir: 'dist', target: 'es2023' },
  resolve: {
    // In this repository the package is not installed; your own project needs no alias.
    alias: [
      { find: '@nuts/client/react', replacement: source('react/index.ts') },
      { find: '@nuts/client', replacement: source('index.ts') },
    ],
  },
});

export default config;
