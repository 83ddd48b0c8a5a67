import { spawnSync } from 'node:child_process';

/** Fails at once, and says what is missing: a layer that cannot run is no layer that passed. */
export function requirePrograms(packages: Readonly<Record<string, string>>): void {
  if (process.getuid?.() !== 0) throw new Error('this layer needs root: it makes network namespaces');
  const missing = Object.entries(packages).filter(([program]) => !isInstalled(program));
  if (missing.length === 0) return;
  const names = missing.map(([program, debianPackage]) => `${program} (Debian package ${debianPackage})`);
  throw new Error(`this layer needs programs that are not installed: ${names.join(', ')}`);
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v -- "$1"', 'sh', program]).status === 0;
}
