import { ansible } from './ansible.ts';
import { apache } from './apache.ts';
import { haproxy } from './haproxy.ts';
import { host } from './host.ts';
import { iptables } from './iptables.ts';
import { modprobe } from './modprobe.ts';
import { nftables } from './nftables.ts';
import { nginx } from './nginx.ts';
import type { Output } from './output.ts';
import { squid } from './squid.ts';
import { sysctl } from './sysctl.ts';
import { systemd } from './systemd.ts';
import { sysv } from './sysv.ts';

/** Every output; one that carries others' artifacts comes after them. */
export const OUTPUTS: readonly Output[] = [
  sysctl,
  modprobe,
  iptables,
  nftables,
  apache,
  nginx,
  haproxy,
  squid,
  systemd,
  sysv,
  host,
  ansible,
];
