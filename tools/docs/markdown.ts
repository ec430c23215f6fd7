/** A Markdown table; cells must not contain line breaks. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A number with separators. */
export function number(value: number): string {
  return value.toLocaleString('en');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** `RFC 7591, 2` of an RFC's address, the name of the document of any other. */
export function labelOf(specification: string): string {
  const rfc = /rfc(\d+)\.html(?:#section-([\d.]+))?/.exec(specification);
  if (rfc) return rfc[2] === undefined ? `RFC ${rfc[1]!}` : `RFC ${rfc[1]!}, ${rfc[2]}`;
  return /([^/]+?)(?:-1_0)?\.html/.exec(specification)?.[1] ?? specification;
}
