import ts from 'typescript';

/**
 * Returns declarations of the types that a module re-exports. The declarations import no other module.
 *
 * The model derives its types from its table of client metadata. A bundler of declarations would copy that table into the
 * package. Here each derived type is printed with its members instead.
 */
export function flatTypes(file: string, options: ts.CompilerOptions): string {
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not a module.`);
  const exported = checker.getExportsOfModule(module).map((symbol) => checker.getAliasedSymbol(symbol));
  return exported.map(declaration).join('\n');

  function declaration(symbol: ts.Symbol): string {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    if (type.isUnion()) return `${documentation(symbol)}export type ${symbol.name} = ${print(type)};\n`;
    const base = baseOf(symbol);
    const inherited = base && checker.getDeclaredTypeOfSymbol(base);
    const own = checker.getPropertiesOfType(type).filter(({ name }) => !inherited?.getProperty(name));
    const open = inherited ? [] : checker.getIndexInfosOfType(type);
    const members = [
      ...own.map(member),
      ...open.map((info) => `  [name: ${print(info.keyType)}]: ${print(info.type)};`),
    ];
    const head =
      symbol.flags & ts.SymbolFlags.TypeAlias
        ? `type ${symbol.name} = ${base ? `${base.name} & ` : ''}`
        : `interface ${symbol.name} `;
    return `${documentation(symbol)}export ${head}{\n${members.join('\n')}\n}\n`;
  }

  /** Returns the exported type that another type extends: `B` in `type A = B & { ... }`. */
  function baseOf(symbol: ts.Symbol): ts.Symbol | undefined {
    const node = symbol.declarations?.find(ts.isTypeAliasDeclaration)?.type;
    if (!node || !ts.isIntersectionTypeNode(node)) return undefined;
    return node.types
      .map((part) => checker.getTypeFromTypeNode(part).aliasSymbol)
      .find((part) => part && exported.includes(part));
  }

  function member(property: ts.Symbol): string {
    const optional = property.flags & ts.SymbolFlags.Optional ? '?' : '';
    return `  ${documentation(property)}${property.name}${optional}: ${asDeclared(property) ?? print(typeOf(property))};`;
  }

  /** Returns the type of a property as written in the source, if it is not derived and all its names are exported. */
  function asDeclared(property: ts.Symbol): string | undefined {
    const node = property.declarations?.find(
      (found) => ts.isPropertySignature(found) || ts.isPropertyDeclaration(found),
    )?.type;
    if (!node || checker.getTypeFromTypeNode(node) !== typeOf(property)) return undefined;
    return namesIn(node).every((name) => exported.some((symbol) => symbol.name === name)) ? node.getText() : undefined;
  }

  function typeOf(property: ts.Symbol): ts.Type {
    const type = checker.getTypeOfSymbol(property);
    return type.isUnion() ? checker.getNonNullableType(type) : type;
  }

  function print(type: ts.Type): string {
    const { NoTruncation, InTypeAlias, UseSingleQuotesForStringLiteralType } = ts.TypeFormatFlags;
    return checker.typeToString(type, undefined, NoTruncation | InTypeAlias | UseSingleQuotesForStringLiteralType);
  }
}

function namesIn(node: ts.Node): string[] {
  if (ts.isTypeReferenceNode(node)) return [node.typeName.getText()];
  const names: string[] = [];
  ts.forEachChild(node, (child) => void names.push(...namesIn(child)));
  return names;
}

function documentation(symbol: ts.Symbol): string {
  const comment = symbol.declarations?.flatMap(ts.getJSDocCommentsAndTags).find(ts.isJSDoc)?.getText();
  return comment === undefined ? '' : `${comment}\n`;
}
