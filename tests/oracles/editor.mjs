// The YAML language server with the schema of compositions, as an editor speaks to it: completion, hover, diagnostics.
//
// editor.mjs SERVER SCHEMA
//
// In the texts, `@` is where the cursor stands.

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [server, schema] = process.argv.slice(2);
const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const answers = new Map();
const published = new Map();
let count = 0;

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function ask(method, params) {
  const id = ++count;
  return new Promise((resolve) => {
    answers.set(id, resolve);
    send({ id, method, params });
  });
}

const settings = {
  yaml: {
    schemas: { [pathToFileURL(resolve(schema)).href]: "*.bff.yaml" },
    schemaStore: { enable: false },
    validate: true,
    completion: true,
    hover: true,
  },
};

function receive(message) {
  if (message.method === "textDocument/publishDiagnostics") {
    published.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method === "workspace/configuration") {
    send({ id: message.id, result: message.params.items.map(({ section }) => settings[section] ?? null) });
  } else if (message.method && message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (message.id !== undefined) {
    answers.get(message.id)?.(message.result);
  }
}

let buffer = Buffer.alloc(0);
child.stdout.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const head = buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())[1]);
    if (buffer.length < head + 4 + length) return;
    const body = buffer.subarray(head + 4, head + 4 + length).toString();
    buffer = buffer.subarray(head + 4 + length);
    receive(JSON.parse(body));
  }
});

// Opens a text; gives its address, the cursor's place and what is found in it.
async function open(text) {
  const uri = `file:///work/${++count}.bff.yaml`;
  const before = text.split("@")[0].split("\n");
  const position = { line: before.length - 1, character: before.at(-1).length };
  const found = new Promise((resolve) => published.set(uri, resolve));
  const textDocument = { uri, languageId: "yaml", version: 1, text: text.replace("@", "") };
  send({ method: "textDocument/didOpen", params: { textDocument } });
  return { params: { textDocument: { uri }, position }, found: await found };
}

const top = "bffgen: 1\nbff: web\nupstreams: { users: { spec: users.yaml } }\n";
const call = `${top}endpoints:\n  GET /me:\n    calls:\n      me:\n        operation: users.getMe\n`;
const failures = [];

function check(what, right, seen) {
  console.log(`${right ? "ok    " : "FAILED"} ${what}`);
  if (!right) failures.push(`${what}: ${JSON.stringify(seen)}`);
}

async function completes(what, text, keys) {
  const { params } = await open(text);
  const list = await ask("textDocument/completion", params);
  const labels = (list?.items ?? list ?? []).map((item) => item.label);
  check(`completion ${what}: ${keys.join(", ")}`, keys.every((key) => labels.includes(key)), labels);
}

async function hovers(what, text, words) {
  const { params } = await open(text);
  const hover = await ask("textDocument/hover", params);
  const said = JSON.stringify(hover?.contents ?? "");
  check(`hover ${what}: ${words}`, said.includes(words), said);
}

async function finds(what, text, messages) {
  const { found } = await open(text);
  const said = found.map((one) => `${one.range.start.line + 1}:${one.range.start.character + 1} ${one.message}`);
  const right = said.length === messages.length && messages.every((part, at) => said[at].includes(part));
  check(`diagnostics ${what}: ${messages.join("; ") || "none"}`, right, said);
}

const timer = setTimeout(() => {
  console.error("the language server does not answer");
  child.kill();
  process.exit(1);
}, 120_000);

await ask("initialize", {
  processId: process.pid,
  rootUri: "file:///work",
  workspaceFolders: null,
  capabilities: { workspace: { configuration: true }, textDocument: { completion: {}, hover: {}, publishDiagnostics: {} } },
});
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings } });

await completes("at the top", `${top}@`, ["endpoints", "shapes", "hooks", "timeout", "on_error"]);
await completes("in an upstream", "bffgen: 1\nbff: web\nupstreams:\n  users:\n    @", ["spec", "url", "auth", "overlay"]);
await completes("in an endpoint", `${top}endpoints:\n  GET /me:\n    @`, ["calls", "response", "inputs", "status"]);
await completes("in a call", `${call}        @`, ["with", "when", "each", "on_error", "after"]);
await completes("of a word", `${call}        validate: @`, ["used", "full", "off"]);
await completes("in on_error", `${call}        on_error:\n          @`, ["absent", "default", "warn", "status"]);
await completes("in a shape", `${call}    response:\n      list:\n        @`, ["$each", "$where", "$match", "$use"]);
await completes("of a method of auth", `bffgen: 1\nbff: web\nupstreams:\n  users:\n    auth: @`, ["forward"]);

await hovers("of a policy", `${call}        time@out: 2s\n`, "800ms");
await hovers("of `when`", `${call}        wh@en: 'true'\n`, "there is no call");
await hovers("of `$each`", `${call}    response:\n      list: { $ea@ch: x in me.items, id: x.id }\n`, "for each element");

const whole = `${call}    response: { id: me.id }\n`;
await finds("of what is right", whole, []);
await finds("of a misspelt key of a call", call + "        on_eror: absent\n    response: { id: me.id }\n", ["9:9 Property on_eror is not allowed"]);
await finds("of a misspelt key at the top", `${whole}titel: Shop\n`, ["10:1 Property titel is not allowed"]);
await finds("of a key of the language", `${call}    response: { $ech: x in me.items }\n`, ["9:17 Property $ech is not allowed"]);
await finds("of a duration", call + "        timeout: 2 seconds\n    response: { id: me.id }\n", ["9:18 A duration is a whole number"]);
await finds("of an endpoint", `${top}endpoints:\n  GTE /me: users.getMe\n`, ["5:3 Property GTE /me is not allowed"]);
await finds("of an operation", `${top}endpoints:\n  GET /me: getMe\n`, ["5:12 Write `users.getUser`"]);
await finds("of a key without its companion", call + "        max: 3\n    response: { id: me.id }\n", ["max"]);

clearTimeout(timer);
child.kill();
if (failures.length > 0) {
  console.error(failures.join("\n"));
  process.exit(1);
}
