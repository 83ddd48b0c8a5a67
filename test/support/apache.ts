import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = '/usr/lib/apache2/modules';

export type Mpm = 'event' | 'worker' | 'prefork';

/** A server with nothing but what a snippet needs, below `folder`; `listen` is an address and a port. */
export function writeApacheConfig(folder: string, mpm: Mpm, snippet: string, listen = '127.0.0.1:8080'): string {
  const path = join(folder, 'apache2.conf');
  writeFileSync(
    path,
    `ServerRoot ${folder}
ServerName test.invalid
PidFile ${folder}/apache2.pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
LoadModule mpm_${mpm}_module ${MODULES}/mod_mpm_${mpm}.so
LoadModule authz_core_module ${MODULES}/mod_authz_core.so
LoadModule info_module ${MODULES}/mod_info.so
User www-data
Group www-data
Listen ${listen}
DocumentRoot ${folder}
Include ${snippet}
`,
  );
  return path;
}

/** What httpd says of a configuration: its verdict with every warning, and the directives as it has understood them. */
export function readApacheConfig(config: string): { verdict: string; directives: string[] } {
  const ask = (args: string[]) => spawnSync('/usr/sbin/apache2', [...args, '-f', config], { encoding: 'utf8' });
  const { stdout, stderr } = ask(['-t']);
  const directives = ask(['-D', 'DUMP_CONFIG', '-t'])
    .stdout.split('\n')
    .map((line) => line.trim());
  return { verdict: (stdout + stderr).trim(), directives };
}
