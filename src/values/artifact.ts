/** One generated file. */
export interface Artifact {
  /** Below the output folder, with forward slashes: `web-server/etc/sysctl.d/90-nettune-web-server.conf`. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: 0o644 | 0o755;
  readonly content: string;
  /** The output that made it. */
  readonly output: string;
  /** What the file does on the host, in a few words. */
  readonly purpose: string;
  /** The parameters that it sets, by their names. */
  readonly carries: readonly string[];
}
