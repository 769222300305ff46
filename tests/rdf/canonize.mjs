// What rdf-canonize makes of N-Quads: its canonical form (RDFC-1.0), or their hash. In: a file. Out: on standard output.
import { readFileSync } from "node:fs";
import { canonize } from "rdf-canonize";

const quads = readFileSync(process.argv[2], "utf8");
const form = { algorithm: "RDFC-1.0", inputFormat: "application/n-quads", format: "application/n-quads" };
process.stdout.write(await canonize(quads, form));
