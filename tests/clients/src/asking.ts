// What all clients are asked, and how it is compared. In: a service's address and a model's name, from the command line.
import assert from "node:assert/strict";
import type { DocumentNode } from "graphql";

export type Values = Record<string, unknown>;
export const [SERVICE = "", MODEL = ""] = process.argv.slice(2);
/** As graphql-codegen made them. */
const made = (await import(`./${MODEL}/documents.js`)) as Record<string, DocumentNode>;
const THEN = new Date(Date.now() + 60_000).toISOString();

/** Operations in the order in which they are asked, so that whatever could be mixed follows one another. */
const SCOPES: [string, Values][] = [
  ["askedOnDayQuery", { date: "2019-08-15" }],
  ["askedOnDayQuery", { date: "2017-01-01" }],
  ["askedOnDayQuery", { date: "2019-08-15", certainty: "CERTAIN" }],
  ["askedOnDayQuery", { date: "2019-08-15", certainty: "POSSIBLE" }],
  ["askedInRangeQuery", { in: "2018" }],
  ["askedInRangeQuery", { from: "2014-03-01", until: "2018-06-01" }],
  ["askedInRangeQuery", { from: "2014-03-01", until: "2018-06-01", certainty: "CERTAIN" }],
  ["askedInRangeQuery", { from: "2018-01-01" }],
  ["askedEverQuery", {}],
  ["askedEverQuery", { certainty: "CERTAIN" }],
  ["askedOnDayQuery", { date: "2019-08-15", load: 1 }],
  ["askedOnDayQuery", { date: "2019-08-15", load: 2 }],
  ["askedOnDayQuery", { date: "2019-08-15", knownAt: THEN }],
  ["askedOnDayQuery", {}],
  ["askedOnDayQuery", { load: 1, certainty: "CERTAIN" }],
  ["askedEverQuery", { load: 1 }],
];
const BESIDE: [string, Values][] = [
  ["askedTwoDaysQuery", {}],
  ["askedTwoRangesQuery", {}],
  ["askedTwoCertaintiesQuery", {}],
  ["askedTwoLoadsQuery", { then: THEN }],
];
const OWN: Record<string, [string, Values][]> = {
  changji: [
    ["askedTodayQuery", { deputy: "deputy-1" }],
    ["askedDaysQuery", { days: ["2017-01-01", "2018-06-01", "2020-01-01"] }],
    ["askedAgainQuery", { key: "organ-3", then: "2017-01-01", year: "2016" }],
    ["askedNodesQuery", { ids: ["organ-3@2017-01-01", "organ-3", "organ-3@2020-01-01", "organ-3", "nothing"] }],
    ["askedNodesQuery", { ids: ["worker-post-1~1", "worker-post-1~2", "worker-post-1"] }],
  ],
  university: [
    ["askedTodayQuery", {}],
    ["askedAgainQuery", { key: "f-let", then: "2013-01-01", year: "2014" }],
    ["askedAgainQuery", { key: "i-neuro", then: "2016-01-01", year: "2020" }],
    ["askedNodesQuery", { ids: ["f-let@2013-01-01", "f-let", "f-sci~1", "f-sci~2", "h-5~1", "h-5~2", "nothing"] }],
  ],
};
export const CASES = [...SCOPES, ...BESIDE, ...(OWN[MODEL] ?? [])];

/** The document of an operation. */
export function document(name: string): DocumentNode {
  const found = made[`A${name.slice(1)}Document`];
  assert.ok(found, name);
  return found;
}

/** What the service answers, without a cache between. */
export async function fetched(query: string, variables: Values): Promise<unknown> {
  const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
  const reply = await fetch(`${SERVICE}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const answer = (await reply.json()) as { data?: unknown };
  assert.ok(answer.data, JSON.stringify(answer));
  return answer.data;
}

const answers = new Map<string, Promise<unknown>>();

/** The same, fetched once: what is compared with. */
export function truth(query: string, variables: Values): Promise<unknown> {
  const key = JSON.stringify([query, variables]);
  const found = answers.get(key) ?? fetched(query, variables);
  answers.set(key, found);
  return found;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

export function same(got: unknown, wanted: unknown, what: string): void {
  assert.deepEqual(plain(got), plain(wanted), what);
}

export const differs = (got: unknown, wanted: unknown): boolean => {
  try {
    same(got, wanted, "");
    return false;
  } catch {
    return true;
  }
};

/** The same id with the scope taken off: what nothing may be cached by. */
export const bare = (id: string): string => id.replace(/[@~!].*/, "");

export type Page = {
  totalCount: number;
  edges: { cursor: string; certainty: string; node: { id: string; name: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

/** Lists that are read page by page: of two days, and of one of them with another filter. */
export const LISTS: Values[] = [
  { date: "2019-08-15" },
  { date: "2017-01-01" },
  { date: "2019-08-15", text: MODEL === "changji" ? "局" : "学" },
];

/** A whole list, from one page without a cache. */
export async function list(query: string, variables: Values): Promise<Page> {
  const data = (await fetched(query, { ...variables, first: 1000 })) as { at: { listed: Page } };
  return data.at.listed;
}

export async function run(...tests: (() => Promise<void>)[]): Promise<void> {
  for (const test of tests) {
    await test();
    console.log(`${test.name}: ok`);
  }
}
