/** Remainders of each byte by the polynomial of POSIX, as `cksum` divides (XCU, cksum). */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 0x8000_0000 ? (remainder << 1) ^ 0x04c1_1db7 : remainder << 1;
  return remainder;
});

/** What `cksum` prints of a text in UTF-8, with a colon between: a sum, and the number of bytes. It finds damage, not malice. */
export function cksum(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let remainder = 0;
  const divide = (byte: number) => {
    remainder = (remainder << 8) ^ (REMAINDERS[((remainder >>> 24) ^ byte) & 0xff] ?? 0);
  };
  bytes.forEach(divide);
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) divide(length & 0xff);
  return `${~remainder >>> 0}:${bytes.length}`;
}
