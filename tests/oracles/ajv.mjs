// What JSON.parse and ajv's standalone code take for the body on the input: `node ajv.mjs SCHEMA`. Medians of turns.
import { readFileSync, writeFileSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";

const TURNS = 201;
const TIMES = 20;

const path = process.argv[2];
const body = readFileSync(0, "utf8");
// Its multiples are those of doubles: 1.9 is none of 0.01 without a tolerance.
const ajv = new Ajv2020({ code: { source: true }, strict: false, multipleOfPrecision: 6 });
const code = standalone.default(ajv, ajv.compile(JSON.parse(readFileSync(path, "utf8"))));
// The code asks for helpers of ajv's by name.
const file = join(mkdtempSync(join(tmpdir(), "bffgen-ajv-")), "validate.cjs");
writeFileSync(file, code.replaceAll('require("ajv/', `require("${process.cwd()}/node_modules/ajv/`));
const validate = createRequire(import.meta.url)(file);

const times = [];
for (let turn = 0; turn < TURNS; turn++) {
  const start = process.hrtime.bigint();
  for (let time = 0; time < TIMES; time++) {
    if (!validate(JSON.parse(body))) throw new Error(`${basename(path)}: ajv refuses the body`);
  }
  times.push(Number(process.hrtime.bigint() - start) / TIMES / 1000);
}
times.sort((a, b) => a - b);
console.log(`  JSON.parse and ajv, ${basename(path)}: ${times[TURNS >> 1].toFixed(1)} us`);
