// graphql-codegen: typed documents; the compiler knows what an answer holds, down to the kinds behind an interface.
import assert from "node:assert/strict";
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { SERVICE, run } from "../asking.js";
import { AskedOnDayQueryDocument, type Certainty } from "./documents.js";
import { possibleTypes, typePolicies } from "./apollo.js";

const client = new ApolloClient({
  cache: new InMemoryCache({ possibleTypes, typePolicies }),
  link: new HttpLink({ uri: `${SERVICE}/graphql` }),
});

async function answersAreTyped(): Promise<void> {
  const { data } = await client.query({ query: AskedOnDayQueryDocument, variables: { date: "2019-06-15" } });
  assert.ok(data);
  const found: [string, Certainty, string][] = [];
  for (const { node, certainty } of data.at.bodies.edges) {
    if (node.__typename === "Committee") found.push([node.name, certainty, (node.form?.code satisfies string | undefined) ?? ""]);
    // @ts-expect-error a chair has no form
    if (node.__typename === "Chair") assert.equal(node.form, undefined);
  }
  assert.deepEqual(found, [["聘任委员会", "CERTAIN", "hiring"], ["学术委员会", "CERTAIN", "standing"]]);
  const rooms = data.at.records.nodes.flatMap((one) => (one.__typename === "TeachesRecord" && one.room ? [one.room.name] : []));
  assert.ok(rooms.includes("一零一"));
}

/** What the schema does not allow does not compile. */
export async function neverCalled(): Promise<void> {
  // @ts-expect-error a day is text
  await client.query({ query: AskedOnDayQueryDocument, variables: { date: 2019 } });
  // @ts-expect-error there is no such certainty
  await client.query({ query: AskedOnDayQueryDocument, variables: { certainty: "SURE" } });
}

await run(answersAreTyped);
