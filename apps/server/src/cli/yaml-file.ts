import { FORBIDDEN_MEMBERS, isExact, isJsonObject, storageProblem, type JsonObject } from '@clientele/model/metadata';
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Scalar,
} from 'yaml';
import { CommandError } from './command-error.ts';
import { readText, sourceName } from './text-file.ts';

/** The most bytes of a file. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Members from the root of a document to a value. */
export type Path = readonly (string | number)[];

/** One YAML document, of which JSON is a subset, with the lines of its values. */
export class YamlFile {
  private constructor(
    private readonly name: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
    /** The object that the document contains. */
    readonly object: JsonObject,
  ) {}

  /** Throws if the file is not one document with an object, if a key is duplicate, or if JSON cannot express a value exactly. */
  static async read(file: string): Promise<YamlFile> {
    return YamlFile.parse(await readText(file, MOST_BYTES), sourceName(file));
  }

  /** The same for a text. */
  static parse(text: string, name: string): YamlFile {
    const lines = new LineCounter();
    const fail = (problem: string, offset?: number, cause?: unknown): CommandError =>
      new CommandError(`${name}${lineAt(lines, offset)}: ${problem}`, { cause });
    try {
      // Pretty errors would quote the file.
      const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
      // A warning is about a tag without a meaning here.
      const [problem] = [...document.errors, ...document.warnings];
      if (problem !== undefined) throw fail(withoutSource(problem.message), problem.pos[0]);
      expectJson(document, (problem, { range }) => fail(problem, range?.[0]));
      const object: unknown = document.toJS();
      if (!isJsonObject(object)) throw fail('an object is expected.');
      return new YamlFile(name, document, lines, object);
    } catch (error) {
      // The parser calls itself at every level.
      if (error instanceof RangeError) throw fail('the values are nested too deeply.', undefined, error);
      if (error instanceof ReferenceError) throw fail('the aliases expand to too many values.', undefined, error);
      throw error;
    }
  }

  /** An error that names the line of a value. */
  error(path: Path, problem: string): CommandError {
    return new CommandError(`${this.placeOf(path)}: ${problem}`);
  }

  /** The file and the line of a value. */
  placeOf(path: Path): string {
    return `${this.name}${lineAt(this.lines, this.offsetOf(path))}`;
  }

  /** The text of a number in the file. */
  sourceOf(path: Path): string | undefined {
    const { value } = this.find(path);
    const node = isAlias(value) ? value.resolve(this.document) : value;
    return isScalar(node) ? node.source : undefined;
  }

  /** The position of a value: that of its key, if it has one. */
  private offsetOf(path: Path): number | undefined {
    const { place } = this.find(path);
    return isNode(place) ? place.range?.[0] : undefined;
  }

  /** The node of a value, and the node of its key. Aliases are not followed: behind one, both are those of the last step before it. */
  private find(path: Path): { readonly value: unknown; readonly place: unknown } {
    let place: unknown = this.document.contents;
    let value = place;
    for (const step of path) {
      if (isMap(value)) {
        const pair = value.items.find(({ key }) => isScalar(key) && key.value === step);
        if (pair === undefined) break;
        ({ key: place, value } = pair);
      } else if (isSeq(value)) {
        place = value = value.items[step as number];
      } else break;
    }
    return { value, place };
  }
}

/** Throws if JSON would change a value or a name: it would be sent as `null`, rounded, or not at all. */
function expectJson(document: Document, fail: (problem: string, node: Node) => Error): void {
  const anchors = new Map<string, Node>();
  visit(document, (key, node, ancestors) => {
    if (!isNode(node)) return;
    if (isAlias(node)) {
      const named = anchors.get(node.source);
      if (named !== undefined && ancestors.includes(named))
        throw fail('the alias refers to a value that contains it.', node);
      return;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (!isScalar(node)) return;
    const problem = key === 'key' ? nameProblem(String(node.value)) : valueProblem(node);
    if (problem !== undefined) throw fail(problem, node);
  });
}

function nameProblem(name: string): string | undefined {
  return FORBIDDEN_MEMBERS.has(name) ? `no member may have the name ${name}.` : textProblem(name);
}

/** No message quotes the value, which might be a secret. */
function valueProblem({ value, source = '' }: Scalar): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value !== 'number') return undefined;
  const exact = /^0[ox]/.test(source) ? Number.isSafeInteger(value) : Number.isFinite(value) && isExact(asJson(source));
  return exact ? undefined : 'JSON cannot express the number exactly; write another one, or quote it to send a text.';
}

/** The source of a decimal number without what YAML has and JSON has not: `+1`, `.5`, `1.` */
function asJson(source: string): string {
  return source
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=e|$)/i, '');
}

function textProblem(text: string): string | undefined {
  const problem = storageProblem(text);
  return problem && `the text ${problem}`;
}

function lineAt(lines: LineCounter, offset: number | undefined): string {
  return offset === undefined ? '' : `, line ${lines.linePos(offset).line}`;
}

/** A message without the text at its end, which might be a secret. */
function withoutSource(message: string): string {
  return `${message.replace(/[:.]? *["'`][^]*$/, '').replace(/\.$/, '')}.`;
}
