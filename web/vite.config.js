// Each island (`vite build --mode editor`) becomes one script and one sheet in a folder of its own under the static files
// of the app whose pages carry it, without hashes in their names: Django's own manifest gives them those.
import { existsSync } from "node:fs";
import { defineConfig } from "vite";

export const STATIC = {
  editor: "../platform/foundation/design/static/design",
  proof: "../platform/foundation/design/static/design",
  form_designer: "../platform/province/designers/static/designers",
  flow_designer: "../platform/province/designers/static/designers",
};

export default defineConfig(({ mode }) => ({
  // what a script loads later it looks for beside itself
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: `${process.env.ISLANDS_OUT ?? STATIC[mode]}/${mode}`,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: existsSync(`${mode}/main.jsx`) ? `${mode}/main.jsx` : `${mode}/main.js`,
      output: { entryFileNames: `${mode}.js`, assetFileNames: `${mode}[extname]`, codeSplitting: false },
    },
  },
  worker: {
    rolldownOptions: { output: { entryFileNames: `${mode}-worker.js` } },
  },
}));
