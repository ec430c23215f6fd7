import { columns, excerpt, shortened } from './terminal.ts';

describe('columns', () => {
  it('pads each column to the width of its widest cell', () => {
    expect(
      columns([
        ['a', 'bcd', 'e'],
        ['fgh', 'i', 'jklmno'],
      ]),
    ).toEqual(['a    bcd  e', 'fgh  i    jklmno']);
    expect(columns([])).toEqual([]);
  });

  it('replaces characters that control a terminal', () => {
    expect(columns([['\u001b[2Jname\r\n\u009b1m', '\u202etxt.exe\u2069 é あ']])).toEqual([
      '\ufffd[2Jname\ufffd\ufffd\ufffd1m  \ufffdtxt.exe\ufffd é あ',
    ]);
  });

  it('counts the columns that characters have on a terminal', () => {
    expect(
      columns([
        ['クライアント', 'x'],
        ['e\u0301ｶ', 'x'],
        ['👩‍💻❤️', 'x'],
        ['한국 𠮷！', 'x'],
      ]),
    ).toEqual(['クライアント  x', 'e\u0301ｶ            x', '👩‍💻❤️          x', '한국 𠮷！     x']);
  });

  it('keeps the widths of previous rows', () => {
    const widths: number[] = [];
    columns([['long name', 'x']], widths);
    expect(columns([['a', 'y']], widths)).toEqual(['a          y']);
  });

  it('measures no last cell, and only the first 400 characters of the others', () => {
    const widths: number[] = [];
    const long = `я${'m'.repeat(999)}`;

    expect(
      columns(
        [
          [long, 'x', long],
          ['a', 'y', 'z'],
          ['b', long],
        ],
        widths,
      ),
    ).toEqual([`${long}  x  ${long}`, `a${' '.repeat(399)}  y  z`, `b${' '.repeat(399)}  ${long}`]);
    expect(widths).toEqual([400, 1]);
  });
});

describe('shortened', () => {
  it.each([
    ['twelve chars', 'twelve chars'],
    ['thirteen char', 'thirteen ch…'],
    ['クライアントの名前', 'クライアン…'],
    ['12345678901👩‍💻', '12345678901…'],
    ['a\nb', 'a\ufffdb'],
    ['я'.repeat(1_000), `${'я'.repeat(11)}…`],
    [`я${'\u0301'.repeat(1_000)}`, `я${'\u0301'.repeat(399)}…`],
  ])('shortens %j to 12 columns', (text, short) => {
    expect(shortened(text, 12)).toBe(short);
  });
});

describe('excerpt', () => {
  it.each([
    ['12345', '12345'],
    ['123456', '12345...'],
    ['a\n', 'a\ufffd'],
  ])('of %j has at most 5 characters', (text, short) => {
    expect(excerpt(text, 5)).toBe(short);
  });

  it('has at most 200 characters of a value', () => {
    expect(excerpt('x'.repeat(201))).toBe(`${'x'.repeat(200)}...`);
  });
});
