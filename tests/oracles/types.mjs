// Types of published documents for TypeScript, all in one process:  types.mjs MODULES OUT DOCUMENT...
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, out, ...documents] = process.argv.slice(2);
const require = createRequire(join(modules, "package.json"));
const { default: made, astToString } = await import(pathToFileURL(require.resolve("openapi-typescript")));
// The package is there for both kinds of modules.
const types = made.default ?? made;
for (const document of documents) {
  const ast = await types(pathToFileURL(document));
  writeFileSync(join(out, `${basename(document, ".json")}.ts`), astToString(ast));
}
console.log(`${documents.length} documents`);
