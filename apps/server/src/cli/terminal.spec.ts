import { columns } from './terminal.ts';

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
});
