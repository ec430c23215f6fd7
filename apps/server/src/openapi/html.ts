const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

export function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}

/** A description, in which names stand between backticks. */
export function prose(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** A table without its empty columns; the cells are HTML. Empty without rows. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const isUsed = (_: unknown, column: number) => rows.some((row) => row[column] !== '');
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells
      .filter(isUsed)
      .map((cell) => `<${tag}>${cell}</${tag}>`)
      .join('')}</tr>`;
  return `<table><thead>${line('th', headings)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`;
}

/** A heading that unfolds its content. A link to the content unfolds it as well. */
export function folded(id: string, heading: string, content: string): string {
  return `<details><summary><h3>${heading}</h3></summary><div id="${escape(id)}">${content}</div></details>`;
}

export function linkTo(id: string, text: string): string {
  return `<a href="#${escape(id)}">${text}</a>`;
}
