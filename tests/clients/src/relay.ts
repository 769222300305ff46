// Relay: what its store reads is what the service answers, whatever was asked before.
import assert from "node:assert/strict";
import { print } from "graphql";
import {
  type ConcreteRequest, Environment, Network, type OperationDescriptor, RecordSource, Store,
  createOperationDescriptor, fetchQuery, getRequest,
} from "relay-runtime";
import { CASES, LISTS, MODEL, type Page, type Values, document, fetched, list, run, same } from "./asking.js";

function environment(): Environment {
  const network = Network.create(async ({ text }, variables) => ({ data: (await fetched(text!, variables)) as Values }));
  return new Environment({ network, store: new Store(new RecordSource()) });
}

async function compiled(name: string): Promise<ConcreteRequest> {
  const module = (await import(`./${MODEL}/__generated__/${name}.graphql.js`)) as { default: ConcreteRequest };
  return getRequest(module.default);
}

/** Fetches an operation, and keeps it from being collected. */
async function ask(relay: Environment, name: string, variables: Values): Promise<OperationDescriptor> {
  const request = await compiled(name);
  const operation = createOperationDescriptor(request, variables);
  relay.retain(operation);
  await fetchQuery(relay, request, variables).toPromise();
  return operation;
}

function read(relay: Environment, operation: OperationDescriptor, what: string): unknown {
  assert.equal(relay.check(operation).status, "available", what);
  const { data, isMissingData } = relay.lookup(operation.fragment);
  assert.equal(isMissingData, false, what);
  return data;
}

async function neverMixed(): Promise<void> {
  const relay = environment();
  const kept: [string, OperationDescriptor, unknown][] = [];
  for (const [name, variables] of CASES) {
    const what = `${name} ${JSON.stringify(variables)}`;
    const wanted = await fetched(print(document(name)), variables);
    const operation = await ask(relay, name, variables);
    same(read(relay, operation, what), wanted, `asked: ${what}`);
    kept.push([what, operation, wanted]);
  }
  for (const [what, operation, wanted] of kept) same(read(relay, operation, what), wanted, `read again: ${what}`);
}

/** Two documents read other parts of the same things: both stay whole. */
async function partsAreMerged(): Promise<void> {
  const relay = environment();
  const names = ["askedPartQuery", "askedOtherPartQuery"];
  const operations = await Promise.all(names.map((name) => ask(relay, name, {})));
  for (const [place, name] of names.entries())
    same(read(relay, operations[place]!, name), await fetched(print(document(name)), {}), name);
}

/** Pages become one list for each day and filter, as `usePaginationFragment` asks for them. */
async function pagesAreMerged(): Promise<void> {
  const relay = environment();
  for (const variables of LISTS) {
    const first = await ask(relay, "askedConnectionQuery", { ...variables, first: 5 });
    const listed = () => (read(relay, first, "a list") as { at: { listed: Page } }).at.listed;
    for (let turn = 0; listed().pageInfo.hasNextPage && turn < 100; turn++)
      await ask(relay, "askedConnectionQuery", { ...variables, first: 5, after: listed().pageInfo.endCursor });
    const wanted = await list(print(document("askedPageQuery")), variables);
    assert.ok(wanted.edges.length > 5);
    same(listed().edges, wanted.edges, "all pages");
  }
}

await run(neverMixed, partsAreMerged, pagesAreMerged);
