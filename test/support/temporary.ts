import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone when the test has ended, with these files in it. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'nettune-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** An empty folder that is gone when its user says so, such as after all tests. */
export function temporaryFolderFor(whenDone: (remove: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'nettune-test-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
