/** The longest text of an IPv6 address: six groups and an IPv4 address. */
const LONGEST_IPV6 = 45;

const DECIMAL_BYTE = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** An IP address as eight groups of 16 bits; an IPv4 address is the IPv6 address that it is mapped to. */
export type Groups = readonly number[];

/**
 * Reads an IPv4 address of four decimal numbers. Other forms, such as `127.1` and `0x7f.0.0.1`, work only in some programs.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986.html#section-3.2.2
 */
export function readIpv4(text: string): Groups | undefined {
  const pair = ipv4Pair(text);
  return pair && [0, 0, 0, 0, 0, 0xffff, ...pair];
}

/** @see https://www.rfc-editor.org/rfc/rfc4291.html#section-2.2 */
export function readIpv6(text: string): Groups | undefined {
  if (text.length > LONGEST_IPV6) return undefined;
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  if (tail === undefined) {
    const groups = readGroups(head, true);
    return groups?.length === 8 ? groups : undefined;
  }
  const before = readGroups(head, false);
  const after = readGroups(tail, true);
  if (before === undefined || after === undefined || before.length + after.length > 7) return undefined;
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/**
 * Writes an IPv6 address in its canonical form, as browsers do. The longest row of two or more zero groups becomes `::`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5952.html#section-4
 */
export function writeIpv6(groups: Groups): string {
  let [start, length] = [0, 0];
  for (let from = 0; from < groups.length; from++) {
    let end = from;
    while (groups[end] === 0) end++;
    if (end - from > length) [start, length] = [from, end - from];
  }
  const written = groups.map((group) => group.toString(16));
  if (length < 2) return written.join(':');
  return `${written.slice(0, start).join(':')}::${written.slice(start + length).join(':')}`;
}

function readGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const pieces = text.split(':');
  const ipv4 = mayEndInIpv4 && text.includes('.') ? ipv4Pair(pieces.pop() ?? '') : [];
  if (ipv4 === undefined || !pieces.every((piece) => GROUP.test(piece))) return undefined;
  return [...pieces.map((piece) => parseInt(piece, 16)), ...ipv4];
}

function ipv4Pair(text: string): [number, number] | undefined {
  const parts = text.split('.', 5);
  if (parts.length !== 4 || !parts.every((part) => DECIMAL_BYTE.test(part) && Number(part) <= 255)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  return [a * 256 + b, c * 256 + d];
}
