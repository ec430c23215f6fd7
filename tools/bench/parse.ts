/**
 * What it costs to read and check client metadata, against a bare `JSON.parse` of the same text: at most five times as much for
 * an ordinary document, and growing no faster than the document. Writes docs/benchmarks/parse.md and parse.json.
 *
 * Method: the built server's own functions, called in one process one after the other; both subjects take turns within every
 * round (rounds.ts), and only turns of the same round are compared. The documents are in documents.ts.
 */
import { builtServer } from './built-server.ts';
import { parsePage, runParseBenchmark } from './parse-benchmark.ts';
import { writeReport } from './report.ts';

const { newService, readMetadata, readRequest } = await builtServer();
const service = newService(1, 1, Date.now());
const effort = { rounds: 31, turn: 10, warmUp: 400 };

const report = await runParseBenchmark((json) => readMetadata(service, readRequest(json)), effort);
writeReport('parse', parsePage(report), report);
