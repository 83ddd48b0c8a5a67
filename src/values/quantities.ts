/** Bytes in each unit of a size; a profile may use those from MiB on. */
const BYTES = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** Seconds in each unit that a profile may use for a duration. */
const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 } as const;

/** Bytes of a size such as `16GiB` or `7.8GiB`, as the schema admits it, rounded down. */
export function parseSize(text: string): number {
  const [, count, unit] = /^([\d.]+)(MiB|GiB|TiB)$/.exec(text) ?? [];
  return Math.floor(Number(count) * BYTES[unit as keyof typeof BYTES]);
}

/** Seconds of a duration such as `1h` or `180`, as the schema admits it. */
export function parseDuration(text: string | number): number {
  if (typeof text === 'number') return text;
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}

/** In the largest unit that keeps it readable: `512 MiB`, `16 GiB`, `1.5 GiB`. */
export function formatSize(bytes: number): string {
  const unit = bytes >= BYTES.TiB ? 'TiB' : bytes >= BYTES.GiB ? 'GiB' : bytes >= BYTES.MiB ? 'MiB' : 'KiB';
  const count = bytes / BYTES[unit];
  return `${count >= 100 ? Math.round(count) : Math.round(count * 10) / 10} ${unit}`;
}

/** With thousands apart, as in prose: `262,144`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The smallest power of two that is not below `count`. */
export function powerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, count)));
}
