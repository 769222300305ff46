
/** How an InMemoryCache keeps what has no id: inside what it was read from, merged with what was read there before. */
export const typePolicies = Object.fromEntries([
  ...parts.map((name) => [name, { keyFields: /** @type {const} */ (false), merge: together }]),
  ...scopes.map((name) => [name, { keyFields: /** @type {const} */ (false), merge: true }]),
]);
for (const [name, fields] of Object.entries(lists)) {
  const policies = Object.fromEntries(fields.map((field) => [field, { merge: together }]));
  typePolicies[name] = { ...typePolicies[name], fields: policies };
}

/**
 * Two readings of one thing become one; where they contradict each other the graph has changed, and the newer stands alone.
 * @param {any} existing
 * @param {any} incoming
 * @returns {any}
 */
function together(existing, incoming) {
  return agree(existing, incoming) ? both(existing, incoming) : incoming;
}

/** @type {(one: any, other: any) => boolean} */
function agree(one, other) {
  if (one === undefined || other === undefined || one === other) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  if (Array.isArray(one) && one.length !== other.length) return false;
  return Object.keys(other).every((name) => agree(one[name], other[name]));
}

/** @type {(one: any, other: any) => any} */
function both(one, other) {
  if (one === undefined || other === undefined || typeof other !== "object" || other === null) return other ?? one;
  if (Array.isArray(other)) return other.map((value, place) => both(one[place], value));
  return { ...one, ...Object.fromEntries(Object.keys(other).map((name) => [name, both(one[name], other[name])])) };
}
