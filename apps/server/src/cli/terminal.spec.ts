import { columns, shortened } from './terminal.ts';

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
});

describe('shortened', () => {
  it.each([
    ['twelve chars', 'twelve chars'],
    ['thirteen char', 'thirteen ch…'],
    ['クライアントの名前', 'クライアン…'],
    ['12345678901👩‍💻', '12345678901…'],
    ['a\nb', 'a\ufffdb'],
  ])('shortens %j to 12 columns', (text, short) => {
    expect(shortened(text, 12)).toBe(short);
  });
});
