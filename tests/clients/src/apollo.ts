// Apollo Client: what its normalized cache reads is what the service answers, whatever was asked before.
import assert from "node:assert/strict";
import { ApolloClient, HttpLink, InMemoryCache, type InMemoryCacheConfig } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { type DocumentNode, print } from "graphql";
import * as changji from "./changji/apollo.js";
import * as university from "./university/apollo.js";
import { CASES, LISTS, MODEL, type Page, SERVICE, type Values, bare, differs, document, list, run, same, truth } from "./asking.js";

const made = MODEL === "changji" ? changji : university;

function client(options: InMemoryCacheConfig = made): { apollo: ApolloClient; cache: InMemoryCache } {
  const cache = new InMemoryCache(options);
  return { apollo: new ApolloClient({ cache, link: new HttpLink({ uri: `${SERVICE}/graphql` }) }), cache };
}

/** The answer without a cache, to the document as Apollo sends it. */
const whole = (cache: InMemoryCache, query: DocumentNode, variables: Values) =>
  truth(print(cache.transformDocument(query)), variables);

function read(cache: InMemoryCache, query: DocumentNode, variables: Values, what: string): unknown {
  const found = cache.diff({ query: cache.transformDocument(query), variables, optimistic: false });
  assert.ok(found.complete, `${what} is no longer whole: ${String(found.missing)}`);
  return found.result;
}

async function neverMixed(): Promise<void> {
  const { apollo, cache } = client();
  const wanted: unknown[] = [];
  for (const [name, variables] of CASES) {
    wanted.push(await whole(cache, document(name), variables));
    const { data } = await apollo.query({ query: document(name), variables });
    same(data, wanted.at(-1), `asked: ${name} ${JSON.stringify(variables)}`);
  }
  for (const [place, [name, variables]] of CASES.entries()) {
    const what = `read again: ${name} ${JSON.stringify(variables)}`;
    same(read(cache, document(name), variables, what), wanted[place], what);
  }
}

/** The settings as data: what is asked is right as well, though lists may have to be asked again. */
async function asDataToo(): Promise<void> {
  const reply = await fetch(`${SERVICE}/clients/apollo.json`);
  const { apollo, cache } = client((await reply.json()) as InMemoryCacheConfig);
  for (const [name, variables] of CASES) {
    const { data } = await apollo.query({ query: document(name), variables });
    same(data, await whole(cache, document(name), variables), `asked: ${name} ${JSON.stringify(variables)}`);
  }
}

/** Cached by key, without the scope that an id carries, the same things would be mixed. */
async function byKeyTheyWouldBe(): Promise<void> {
  const dataIdFromObject = ({ __typename, id }: { __typename?: string; id?: unknown }) =>
    typeof id === "string" ? `${__typename}:${bare(id)}` : undefined;
  const { cache } = client({ ...made, dataIdFromObject });
  const mixed: string[] = [];
  for (const [name, variables] of CASES) {
    const query = document(name);
    const data = (await whole(cache, query, variables)) as Values;
    cache.writeQuery({ query, variables, data });
    if (differs(read(cache, query, variables, name), data)) mixed.push(name);
  }
  for (const name of ["askedTwoDaysQuery", "askedTwoRangesQuery", "askedTwoLoadsQuery"]) assert.ok(mixed.includes(name), name);
}

/** Two documents read other parts of the same things: both stay whole, and Apollo warns of no loss. */
async function partsAreMerged(): Promise<void> {
  const { error } = console;
  const told: unknown[] = [];
  console.error = console.warn = (...words: unknown[]) => void told.push(words);
  const { apollo, cache } = client();
  const [one, other] = [document("askedPartQuery"), document("askedOtherPartQuery")];
  await apollo.query({ query: one });
  await apollo.query({ query: other });
  console.error = error;
  assert.deepEqual(told, []);
  for (const query of [one, other]) same(read(cache, query, {}, "a part"), await whole(cache, query, {}), "a part");
}

/** What was read before and after a change of the graph is not put together. */
async function contradictionsAreNotMixed(): Promise<void> {
  const { merge } = made.typePolicies["Valid"] as { merge: (existing: unknown, incoming: unknown) => unknown };
  const since = { __typename: "Valid", from: { __typename: "End", value: "2019" } };
  same(merge(since, { __typename: "Valid", text: "2019年起" }), { ...since, text: "2019年起" }, "two parts");
  const later = { __typename: "Valid", text: "2020年起", from: { __typename: "End", value: "2020" } };
  same(merge({ ...since, until: null }, later), later, "a contradiction");
  const edges = (key: string, more: Values) => ({ edges: [{ node: { __ref: key }, ...more }] });
  same(merge(edges("a", { certainty: "CERTAIN" }), edges("b", {})), edges("b", {}), "another link");
  same(merge(edges("a", { certainty: "CERTAIN" }), edges("a", {})), edges("a", { certainty: "CERTAIN" }), "the same link");
}

/** Pages become one list for each day and filter. */
async function pagesAreMerged(): Promise<void> {
  const { apollo, cache } = client();
  const pages = relayStylePagination(["where", "orderBy"]);
  cache.policies.addTypePolicies({ Graph: { fields: { units: pages, actors: pages } } });
  const query = document("askedPageQuery");
  const after = new Map<Values, string | null>(LISTS.map((one) => [one, null]));
  for (let turn = 0; after.size && turn < 100; turn++)
    for (const [variables, cursor] of after) {
      await apollo.query({ query, variables: { ...variables, first: 5, after: cursor }, fetchPolicy: "network-only" });
      const { at } = read(cache, query, { ...variables, first: 5 }, "a list") as { at: { listed: Page } };
      if (at.listed.pageInfo.hasNextPage) after.set(variables, at.listed.pageInfo.endCursor);
      else after.delete(variables);
    }
  for (const variables of LISTS) {
    const { at } = read(cache, query, { ...variables, first: 5 }, "a list") as { at: { listed: Page } };
    const wanted = await list(print(cache.transformDocument(query)), variables);
    assert.ok(wanted.edges.length > 5);
    same(at.listed.edges, wanted.edges, "all pages");
  }
}

await run(neverMixed, asDataToo, byKeyTheyWouldBe, partsAreMerged, contradictionsAreNotMixed, pagesAreMerged);
