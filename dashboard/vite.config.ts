import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built ahead into `dashboard/dist`: files with names that follow from their content, no inline script or style, so that the policy of the pages stays strict. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2024' },
  worker: { format: 'es' },
});
