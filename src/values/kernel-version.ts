/** A kernel release, as far as its parameters depend on it. */
export type KernelVersion = readonly [major: number, minor: number, patch: number];

/** `"6.1"`, `"5.14.0"`; a missing part counts as 0. */
export function parseKernelVersion(text: string): KernelVersion {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
}

export function formatKernelVersion([major, minor, patch]: KernelVersion): string {
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

/** A range of releases, as facts are stated: from `since` on, and gone in `until`. */
export interface KernelRange {
  readonly since?: string;
  readonly until?: string;
}

export function isWithin(kernel: KernelVersion, range: KernelRange): boolean {
  return (
    (range.since === undefined || compareKernels(kernel, parseKernelVersion(range.since)) >= 0) &&
    (range.until === undefined || compareKernels(kernel, parseKernelVersion(range.until)) < 0)
  );
}

/** The row that holds for this kernel; rows do not overlap. */
export function forKernel<Row extends KernelRange>(kernel: KernelVersion, rows: readonly Row[]): Row | undefined {
  return rows.find((row) => isWithin(kernel, row));
}

/** Below 0 when the first one is older. */
export function compareKernels(a: KernelVersion, b: KernelVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
