// urql with graphcache: what its normalized cache reads is what the service answers, whatever was asked before.
import assert from "node:assert/strict";
import { cacheExchange, type CacheExchangeOpts } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { Client, fetchExchange } from "@urql/core";
import { print } from "graphql";
import { CASES, LISTS, type Page, SERVICE, type Values, bare, differs, document, list, run, same, truth } from "./asking.js";

type Settings = { schema: NonNullable<CacheExchangeOpts["schema"]>; parts: string[] };
const { schema, parts }: Settings = await (await fetch(`${SERVICE}/clients/urql.json`)).json();
const keys = Object.fromEntries(parts.map((part) => [part, () => null]));
const told: unknown[] = [];

function client(options: CacheExchangeOpts = {}): Client {
  const logger = (severity: string, words: string) => void (severity === "debug" || told.push(words));
  const cache = cacheExchange({ schema, keys, logger, ...options });
  return new Client({ url: `${SERVICE}/graphql`, preferGetMethod: false, exchanges: [cache, fetchExchange] });
}

const whole = (name: string, variables: Values) => truth(print(document(name)), variables);

async function asked(urql: Client, name: string, variables: Values, requestPolicy: "cache-first" | "cache-only"): Promise<unknown> {
  const { data, error, stale } = await urql.query(document(name), variables, { requestPolicy }).toPromise();
  assert.equal(error, undefined);
  assert.equal(stale, false);
  return data;
}

async function neverMixed(): Promise<void> {
  const urql = client();
  const wanted: unknown[] = [];
  for (const [name, variables] of CASES) {
    wanted.push(await whole(name, variables));
    same(await asked(urql, name, variables, "cache-first"), wanted.at(-1), `asked: ${name} ${JSON.stringify(variables)}`);
  }
  for (const [place, [name, variables]] of CASES.entries())
    same(await asked(urql, name, variables, "cache-only"), wanted[place], `read again: ${name} ${JSON.stringify(variables)}`);
  assert.deepEqual(told, []);
}

/** Cached by key, without the scope that an id carries, the same things would be mixed. */
async function byKeyTheyWouldBe(): Promise<void> {
  const byKey = Object.fromEntries(
    schema.__schema.types!.map(({ name }) => [name, ({ id }: { id?: unknown }) => (typeof id === "string" ? bare(id) : null)]),
  );
  const urql = client({ keys: { ...byKey, ...keys } });
  const mixed: string[] = [];
  for (const [name, variables] of CASES)
    if (differs(await asked(urql, name, variables, "cache-first"), await whole(name, variables))) mixed.push(name);
  for (const name of ["askedTwoDaysQuery", "askedTwoRangesQuery", "askedTwoLoadsQuery"]) assert.ok(mixed.includes(name), name);
}

/** Two documents read other parts of the same things: both stay whole. */
async function partsAreMerged(): Promise<void> {
  const urql = client();
  const names = ["askedPartQuery", "askedOtherPartQuery"];
  for (const name of names) await asked(urql, name, {}, "cache-first");
  for (const name of names) same(await asked(urql, name, {}, "cache-only"), await whole(name, {}), name);
}

/** Pages become one list for each day and filter. */
async function pagesAreMerged(): Promise<void> {
  const urql = client({ resolvers: { Graph: { units: relayPagination(), actors: relayPagination() } } });
  const after = new Map<Values, string | null>(LISTS.map((one) => [one, null]));
  const last = new Map<Values, Page>();
  for (let turn = 0; after.size && turn < 100; turn++)
    for (const [variables, cursor] of after) {
      const data = await asked(urql, "askedPageQuery", { ...variables, first: 5, ...(cursor ? { after: cursor } : {}) }, "cache-first");
      const { listed } = (data as { at: { listed: Page } }).at;
      last.set(variables, listed);
      if (listed.pageInfo.hasNextPage) after.set(variables, listed.pageInfo.endCursor);
      else after.delete(variables);
    }
  for (const variables of LISTS) {
    const wanted = await list(print(document("askedPageQuery")), variables);
    assert.ok(wanted.edges.length > 5);
    same(last.get(variables)?.edges, wanted.edges, "all pages");
  }
}

await run(neverMixed, byKeyTheyWouldBe, partsAreMerged, pagesAreMerged);
