// From schemas and documents to what the clients are compiled from. In: schemas/MODEL.graphql, documents/MODEL/*.graphql.
// Out: src/MODEL/documents.ts by graphql-codegen; src/MODEL/asked.ts, in which relay-compiler finds the same documents.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import * as nodes from "@graphql-codegen/typed-document-node";
import { parse, print, visit } from "graphql";

const { plugins, config } = JSON.parse(readFileSync("codegen.json", "utf8"));
const pluginMap = { "typescript-operations": operations, "typed-document-node": nodes };

for (const model of process.argv.slice(2)) {
  const schema = parse(readFileSync(`schemas/${model}.graphql`, "utf8"), { noLocation: true });
  const asked = parse(readFileSync(`documents/${model}/asked.graphql`, "utf8"));
  const relays = parse(readFileSync(`documents/${model}/relay.graphql`, "utf8"));
  const filename = `src/${model}/documents.ts`;
  mkdirSync(`src/${model}`, { recursive: true });
  const typed = await codegen({
    filename, schema, config, pluginMap, plugins: plugins.map((name) => ({ [name]: {} })),
    documents: [{ location: "asked.graphql", document: asked }],
  });
  writeFileSync(filename, typed);
  const bare = visit(asked, { FragmentSpread: { leave: unmasked } });
  const tags = [...bare.definitions, ...relays.definitions].map((one) => `graphql\`${print(one)}\`;`);
  writeFileSync(`src/${model}/asked.ts`, ["import { graphql } from 'relay-runtime';", ...tags].join("\n"));
}

/** Relay hides what a fragment reads from those that did not write it; here all of it is compared. */
function unmasked(spread) {
  const name = { kind: "Name", value: "relay" };
  const mask = { kind: "Argument", name: { kind: "Name", value: "mask" }, value: { kind: "BooleanValue", value: false } };
  return { ...spread, directives: [{ kind: "Directive", name, arguments: [mask] }] };
}
