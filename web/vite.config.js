// Each island becomes one script and one sheet under the design app's static files, without hashes in their names:
// Django's own manifest gives them those.
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    outDir: process.env.ISLANDS_OUT ?? "../platform/foundation/design/static/design/editor",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "editor/main.js",
      output: { entryFileNames: "editor.js", assetFileNames: "editor[extname]", codeSplitting: false },
    },
  },
});
