import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CHECKOUT } from './cli.ts';

/** A registry of npm's that has this checkout, as it was built, and nothing else. */
export async function startRegistry(folder: string): Promise<{ url: string; stop: () => void }> {
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: CHECKOUT, stdio: 'ignore' });
  const tarball = readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''));
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
  return { url: address, stop: () => server.close() };
}
