import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A configuration with nothing but what a snippet needs, below `folder`, which becomes the user's that Squid runs as. */
export function writeSquidConfig(folder: string, snippet: string, listen = '127.0.0.1:3128'): string {
  const path = join(folder, 'squid.conf');
  const owner = Number(spawnSync('id', ['-u', 'proxy'], { encoding: 'utf8' }).stdout);
  chownSync(folder, owner, -1);
  chmodSync(folder, 0o755);
  writeFileSync(
    path,
    `http_port ${listen}
pid_filename ${folder}/squid.pid
cache_log ${folder}/cache.log
access_log none
coredump_dir ${folder}
netdb_filename none
cache deny all
http_access allow all
shutdown_lifetime 0 seconds
visible_hostname test.invalid
include ${snippet}
`,
  );
  return path;
}
