/** A double holds every decimal number of at most this many digits between the smallest and the largest number. */
const SAFE_DIGITS = 15;
const SMALLEST = 1e-307;
const LARGEST = 1e308;

/** Whether a double holds a JSON number without a change. */
export function isExact(literal: string): boolean {
  if (literal.length <= SAFE_DIGITS && !/[eE]/.test(literal)) return true;
  const digits = significantDigits(literal);
  if (digits === 0) return true;
  const value = Number(literal);
  const size = Math.abs(value);
  if (digits <= SAFE_DIGITS && size > SMALLEST && size < LARGEST) return true;
  const written = String(value);
  return written === literal || (Number.isFinite(value) && normal(literal) === normal(written));
}

const ZERO = 0x30;
const NINE = 0x39;
const CAPITAL_E = 0x45;
const LETTER_E = 0x65;

/** The number of digits without leading and trailing zeros. */
function significantDigits(literal: string): number {
  let digits = 0;
  let zeros = 0;
  for (let i = 0; i < literal.length; i++) {
    const code = literal.charCodeAt(i);
    if (code === LETTER_E || code === CAPITAL_E) break;
    if (code === ZERO) zeros++;
    else if (code > ZERO && code <= NINE) {
      digits += digits === 0 ? 1 : zeros + 1;
      zeros = 0;
    }
  }
  return digits;
}

/** The canonical form of a decimal number: its digits without leading and trailing zeros, and the power of ten of the last digit. */
function normal(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = withoutLeadingZeros(whole + fraction);
  if (digits === '') return '0';
  const significant = withoutTrailingZeros(digits);
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (digits.charAt(start) === '0') start++;
  return digits.slice(start);
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === '0') end--;
  return digits.slice(0, end);
}
