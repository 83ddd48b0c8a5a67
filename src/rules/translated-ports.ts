import type { Profile } from '#generated/profile.ts';
import { type PortRange, parsePorts } from '../values/ports.ts';

/** Ports that something on this host translates. */
interface Translated {
  readonly ports: PortRange;
  /** The port of this host that they lead to; absent where they lead to a container, or the profile does not say. */
  readonly toPort?: number;
  /** The key path that says so. */
  readonly cause: string;
}

/** All of them, in the order of the profile. */
export function translatedPorts({ firewall }: Pick<Profile, 'firewall'>): readonly Translated[] {
  return (firewall?.translated ?? []).map((written, index) => {
    const cause = `firewall.translated.${index}`;
    return typeof written === 'object'
      ? { ports: parsePorts(written.port), toPort: written.toPort, cause }
      : { ports: parsePorts(written), cause };
  });
}
