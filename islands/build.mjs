// Bundles every islands/<name>/main.ts and the style sheet, and copies the faces. `npm run build` is the only step.
import { context } from "esbuild";
import { cp, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const components = join(root, "src/throughline/components");
const output = join(components, "static/built");
const faces = {
  figtree: ["figtree-latin-wght-normal", "figtree-latin-ext-wght-normal"],
  newsreader: [
    "newsreader-latin-wght-normal",
    "newsreader-latin-ext-wght-normal",
    "newsreader-latin-wght-italic",
    "newsreader-latin-ext-wght-italic",
  ],
};

const exists = (path) => stat(path).then(() => true, () => false);

async function islandEntries() {
  const entries = { app: join(components, "css/app.css") };
  for (const folder of await readdir(join(root, "islands"), { withFileTypes: true })) {
    const main = join(root, "islands", folder.name, "main.ts");
    if (folder.isDirectory() && (await exists(main))) entries[folder.name] = main;
  }
  return entries;
}

async function copyFaces() {
  await mkdir(join(output, "fonts"), { recursive: true });
  for (const [family, files] of Object.entries(faces)) {
    const source = join(root, "node_modules/@fontsource-variable", family);
    for (const file of files) await cp(join(source, "files", `${file}.woff2`), join(output, "fonts", `${file}.woff2`));
    await cp(join(source, "LICENSE"), join(output, "fonts", `${family}-LICENSE.txt`));
  }
}

await rm(output, { recursive: true, force: true });
await copyFaces();
const bundle = await context({
  entryPoints: await islandEntries(),
  outdir: output,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome123", "firefox128", "safari17.5"],
  // The style sheet names the copied faces relative to itself.
  external: ["*.woff2"],
  legalComments: "none",
  logLevel: "info",
});
if (process.argv.includes("--watch")) {
  await bundle.watch();
} else {
  await bundle.rebuild();
  await bundle.dispose();
}
