/** A port, or a range of them; both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** `80` or `8000-8100`, as the schema admits them. */
export function parsePorts(text: string | number): PortRange {
  const [first = 0, last = first] = String(text).split('-').map(Number);
  return { first, last };
}

/** Ports and ranges with commas between them; what is neither is left out. */
export function readPorts(list: unknown): PortRange[] {
  const items = String(list ?? '').split(',');
  return items.filter((item) => /^\d+(-\d+)?$/.test(item)).map(parsePorts);
}

/** In order, without overlaps; neighbours become one range, so that the same ports are always written the same way. */
export function normalizePorts(ranges: readonly PortRange[]): PortRange[] {
  const sorted = [...ranges].sort((a, b) => a.first - b.first);
  return sorted.reduce<PortRange[]>((merged, range) => {
    const previous = merged.at(-1);
    if (!previous || range.first > previous.last + 1) return [...merged, range];
    return [...merged.slice(0, -1), { first: previous.first, last: Math.max(previous.last, range.last) }];
  }, []);
}

export function formatPorts(ranges: readonly PortRange[], dash = '-'): string[] {
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}${dash}${last}`));
}

/** The ports that lie in both. */
export function intersectPorts(these: readonly PortRange[], those: readonly PortRange[]): PortRange[] {
  return these.flatMap((a) =>
    those
      .map((b) => ({ first: Math.max(a.first, b.first), last: Math.min(a.last, b.last) }))
      .filter(({ first, last }) => first <= last),
  );
}

/** What of these ports lies in none of those. */
export function subtractPorts(these: readonly PortRange[], those: readonly PortRange[]): PortRange[] {
  return normalizePorts(those).reduce<PortRange[]>(
    (left, { first, last }) =>
      left.flatMap((range) =>
        [
          { first: range.first, last: Math.min(range.last, first - 1) },
          { first: Math.max(range.first, last + 1), last: range.last },
        ].filter((part) => part.first <= part.last),
      ),
    [...these],
  );
}

export function countPorts(ranges: readonly PortRange[]): number {
  return normalizePorts(ranges).reduce((count, { first, last }) => count + last - first + 1, 0);
}
