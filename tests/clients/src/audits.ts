// What GraphQL over HTTP asks of a server, judged by graphql-http. Out: one JSON line an audit.
import { serverAudits } from "graphql-http";
import { SERVICE } from "./asking.js";

for (const audit of serverAudits({ url: `${SERVICE}/graphql` })) {
  const result = await audit.fn();
  const reason = result.status === "ok" ? null : result.reason;
  console.log(JSON.stringify({ id: audit.id, name: audit.name, status: result.status, reason }));
}
