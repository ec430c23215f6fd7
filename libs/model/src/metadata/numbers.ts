/** A double holds every decimal number of this many digits, if it has no large exponent. */
const SAFE_DIGITS = 15;

/** Whether a JSON number is the same after it was read into a double and written again. */
export function isExact(literal: string): boolean {
  if (literal.length <= SAFE_DIGITS && !/[eE]/.test(literal)) return true;
  const value = Number(literal);
  return Number.isFinite(value) && normal(literal) === normal(String(value));
}

/** The one spelling of a decimal number: its digits without zeros around them, and the power of ten of the last one. */
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
