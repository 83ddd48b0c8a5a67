import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CHECKOUT } from './cli.ts';
import { pack } from './packed.ts';

export interface Registry {
  /** Of a machine where npm installs from here, for somebody with this home. */
  readonly environment: (home: string) => NodeJS.ProcessEnv;
  readonly stop: () => void;
}

/** A registry of npm's that has this checkout, as it was built, and nothing else. */
export async function startRegistry(folder: string): Promise<Registry> {
  const tarball = readFileSync(pack(folder));
  const manifest = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
  const server = createServer(({ url }, response) => {
    if (url === '/nettune.tgz') return response.end(tarball);
    if (url !== '/nettune') return response.writeHead(404).end();
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const version = { ...manifest, scripts: {}, dist: { tarball: `${address}/nettune.tgz`, integrity } };
    const page = {
      name: 'nettune',
      'dist-tags': { latest: manifest.version },
      versions: { [manifest.version]: version },
    };
    return response.end(JSON.stringify(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = (home: string) => ({
    ...process.env,
    HOME: home,
    PATH: `${home}/prefix/bin:${process.env['PATH']}`,
    npm_config_registry: address,
    npm_config_prefix: `${home}/prefix`,
    npm_config_cache: `${home}/cache`,
    npm_config_update_notifier: 'false',
  });
  return { environment, stop: () => server.close() };
}
