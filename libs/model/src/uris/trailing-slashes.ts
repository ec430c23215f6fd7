/** A base URL or path without slashes at its end. The time is linear; that of `/\/+$/` is quadratic in the slashes of the text. */
export function withoutTrailingSlashes(text: string): string {
  let { length } = text;
  while (text.charAt(length - 1) === '/') length -= 1;
  return text.slice(0, length);
}
