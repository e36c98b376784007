// Each island (`vite build --mode editor`) becomes one script and one sheet in a folder of its own under the design app's
// static files, without hashes in their names: Django's own manifest gives them those.
import { defineConfig } from "vite";

const STATIC = "../platform/foundation/design/static/design";

export default defineConfig(({ mode }) => ({
  // what a script loads later it looks for beside itself
  base: "./",
  build: {
    outDir: `${process.env.ISLANDS_OUT ?? STATIC}/${mode}`,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: `${mode}/main.js`,
      output: { entryFileNames: `${mode}.js`, assetFileNames: `${mode}[extname]`, codeSplitting: false },
    },
  },
  worker: {
    rolldownOptions: { output: { entryFileNames: `${mode}-worker.js` } },
  },
}));
