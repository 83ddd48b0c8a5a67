import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

/** An entry of a kernel's table of keys, as its source has it. Bounds and defaults only where they are constants. */
export interface SourceEntry {
  readonly file: string;
  /** As octal digits, such as `644`. */
  readonly mode: string;
  readonly handler: string;
  readonly min?: number;
  readonly max?: number;
  readonly standard?: number;
}

/** Where the keys below a folder of /proc/sys come from; the first that fits. */
const PLACES: readonly { readonly keys: RegExp; readonly files: readonly string[] }[] = [
  { keys: /^net\.ipv4\.ip_forward$/, files: ['net/ipv4/devinet.c', 'net/ipv4/sysctl_net_ipv4.c'] },
  { keys: /^net\.ipv4\.conf\./, files: ['net/ipv4/devinet.c'] },
  { keys: /^net\.ipv6\.conf\./, files: ['net/ipv6/addrconf.c'] },
  { keys: /^net\.ipv[46]\.neigh\./, files: ['net/core/neighbour.c'] },
  { keys: /^net\.ipv4\.route\./, files: ['net/ipv4/route.c'] },
  { keys: /^net\.ipv6\.route\./, files: ['net/ipv6/route.c'] },
  { keys: /^net\.ipv6\.icmp\./, files: ['net/ipv6/icmp.c'] },
  { keys: /^net\.ipv4\.netfilter\./, files: ['net/ipv4/netfilter/ip_conntrack*.c'] },
  { keys: /^net\.ipv4\./, files: ['net/ipv4/sysctl_net_ipv4.c'] },
  { keys: /^net\.ipv6\./, files: ['net/ipv6/sysctl_net_ipv6.c'] },
  { keys: /^net\.core\./, files: ['net/core/sysctl_net_core.c'] },
  { keys: /^net\.bridge\./, files: ['net/bridge/br_netfilter*.c'] },
  { keys: /^net\.unix\./, files: ['net/unix/sysctl_net_unix.c'] },
  {
    keys: /^net\.netfilter\./,
    files: [
      'net/netfilter/nf_conntrack*.c',
      'net/ipv4/netfilter/nf_conntrack*.c',
      'net/ipv6/netfilter/nf_conntrack*.c',
    ],
  },
  { keys: /^fs\.inotify\./, files: ['fs/inotify*.c', 'fs/notify/inotify/*.c'] },
  { keys: /^fs\./, files: ['fs/*.c', 'kernel/sysctl.c'] },
  { keys: /^vm\./, files: ['mm/*.c', 'fs/drop_caches.c', 'fs/dcache.c', 'kernel/sysctl.c'] },
  { keys: /^kernel\./, files: ['kernel/*.c', 'kernel/**/*.c', 'ipc/*.c', 'mm/*.c', 'fs/coredump.c'] },
];

/** Where values are given to what a table points to. */
const VALUES = [
  'net/core/*.c',
  'net/ipv4/*.c',
  'net/ipv6/*.c',
  'net/netfilter/nf_conntrack*.c',
  'net/bridge/*.c',
  'mm/*.c',
  'kernel/*.c',
  'kernel/*/*.c',
  'fs/*.c',
  'fs/notify/**/*.c',
  'ipc/*.c',
];

/** A kernel's source in a folder. */
export class SourceTree {
  readonly folder: string;
  readonly #texts = new Map<string, string>();
  readonly #listed = new Map<string, readonly string[]>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The entry of a key; undefined where the tables of this tree have none. */
  find(key: string): SourceEntry | undefined {
    const place = PLACES.find(({ keys }) => keys.test(key));
    const name = key.slice(key.lastIndexOf('.') + 1);
    for (const file of this.#list(place?.files ?? [])) {
      const entry = entryOf(this.#read(file), name);
      if (entry) return this.#describe(file, entry);
    }
    return undefined;
  }

  #describe(file: string, fields: Fields): SourceEntry {
    const handler = fields['proc_handler']?.replace('&', '') ?? '';
    const standard = this.#standard(fields['data'], handler, this.#read(file));
    return {
      file,
      mode: fields['mode']?.replace(/^0/, '') ?? '',
      handler,
      ...boundsOf(handler, fields, this.#read(file)),
      ...(standard === undefined ? {} : { standard }),
    };
  }

  /** What the variable begins with: in the file itself, or where else one of that name is given a value. */
  #standard(data: string | undefined, handler: string, text: string): number | undefined {
    const name = /(\w+)$/.exec(data ?? '')?.[1];
    const factor = FACTORS[handler];
    if (name === undefined || factor === undefined) return undefined;
    const isOfNamespace = data?.includes('init_net') ?? false;
    for (const each of [text, ...this.#list(VALUES).map((file) => this.#read(file))]) {
      const expression = initialValue(each, name, isOfNamespace);
      if (expression === undefined) continue;
      const value = evaluate(handler.includes('jiffies') ? expression.replace(/\bHZ\b/g, '1') : expression);
      return value === undefined ? undefined : value * factor;
    }
    return undefined;
  }

  #list(patterns: readonly string[]): readonly string[] {
    const key = patterns.join();
    const known = this.#listed.get(key);
    if (known) return known;
    const files = globSync([...patterns], { cwd: this.folder }).sort();
    this.#listed.set(key, files);
    return files;
  }

  #read(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(join(this.folder, file), 'latin1').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ' ');
    this.#texts.set(file, text);
    return text;
  }
}

type Fields = Readonly<Record<string, string>>;

function entryOf(text: string, name: string): Fields | undefined {
  const at = text.search(new RegExp(`\\.procname\\s*=\\s*"${name}"`));
  if (at >= 0) return fieldsOf(text.slice(text.lastIndexOf('{', at) + 1, text.indexOf('}', at)));
  const macro = new RegExp(`\\b(DEVINET|NEIGH)_SYSCTL_(\\w+)_ENTRY\\(([^()]*)"${name}"`).exec(text);
  return macro ? { mode: macro[2] === 'RO' ? '0444' : '0644', proc_handler: `${macro[1]}_${macro[2]}` } : undefined;
}

function fieldsOf(block: string): Fields {
  return Object.fromEntries(
    [...block.matchAll(/\.(\w+)\s*=\s*([^,]+)/g)].map(([, field = '', value = '']) => [field, value.trim()]),
  );
}

/** What a parser takes: the bounds of the table where it looks at them. Without a bound that is no constant. */
function boundsOf(handler: string, { extra1, extra2 }: Fields, text: string): { min?: number; max?: number } {
  const [least, most] = IMPLIED[handler] ?? [];
  const looks = handler.endsWith('minmax');
  const bounds = {
    min: looks && extra1 !== undefined ? constant(extra1, text) : least,
    max: looks && extra2 !== undefined ? constant(extra2, text) : most,
  };
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
}

/** What the unit of a default is multiplied by where a person reads it; absent where a handler does more. */
const FACTORS: Readonly<Record<string, number>> = {
  proc_dointvec: 1,
  proc_dointvec_minmax: 1,
  proc_dou8vec_minmax: 1,
  proc_douintvec: 1,
  proc_douintvec_minmax: 1,
  proc_doulongvec_minmax: 1,
  proc_dointvec_jiffies: 1,
  proc_dointvec_ms_jiffies: 1000,
  proc_dointvec_userhz_jiffies: 100,
};

const INT: readonly [number, number] = [-2147483648, 2147483647];

const IMPLIED: Readonly<Record<string, readonly [number, number]>> = {
  proc_dointvec: INT,
  proc_dointvec_minmax: INT,
  proc_dou8vec_minmax: [0, 255],
  proc_douintvec: [0, 4294967295],
  proc_douintvec_minmax: [0, 4294967295],
};

const NAMED: Readonly<Record<string, number>> = {
  ZERO: 0,
  ONE: 1,
  TWO: 2,
  THREE: 3,
  FOUR: 4,
  ONE_HUNDRED: 100,
  TWO_HUNDRED: 200,
  ONE_THOUSAND: 1000,
  THREE_THOUSAND: 3000,
  INT_MAX: 2147483647,
  MAXOLDUID: 65535,
  NEG_ONE: -1,
  LONG_ZERO: 0,
  LONG_ONE: 1,
};

function constant(expression: string, text: string): number | undefined {
  const named = /^SYSCTL_(\w+)$/.exec(expression)?.[1];
  if (named !== undefined) return NAMED[named];
  const name = /&\s*(\w+)$/.exec(expression)?.[1];
  const value = name === undefined ? undefined : initialValue(text, name, false);
  return value === undefined ? undefined : evaluate(value);
}

const TYPES = '(?:static |const |unsigned |signed )*(?:int|long|u8|u32|bool|size_t) (?:__\\w+ )*';

/** What a variable begins with, as its source has it: `int name = 5;`, or, of a namespace, `net->ipv4.name = 5;`. */
function initialValue(text: string, name: string, isOfNamespace: boolean): string | undefined {
  const assigned = new RegExp(`(?:->|\\.)${name}\\s*=\\s*([^;=]+);`).exec(text);
  if (isOfNamespace) return assigned?.[1];
  const declared = new RegExp(`^${TYPES}(?:[^;()=]*, *)?${name}\\b[^=;(){]*(?:=\\s*([^;,]+))?[;,]`, 'm').exec(text);
  if (!declared) return undefined;
  // One without a value begins with 0, unless a function sets it.
  return declared[1]?.trim() ?? new RegExp(`\\s${name}\\s*=\\s*([^;=]+);`).exec(text)?.[1] ?? '0';
}

/** Sums, products and shifts of numbers, and nothing else. */
function evaluate(expression: string): number | undefined {
  const plain = expression
    .replace(/(\d)[uUlL]+\b/g, '$1')
    .replace(/\btrue\b/, '1')
    .replace(/\bfalse\b/, '0');
  const product = /^\(?\s*(-?(?:0x)?[\da-f]+)\s*(?:(\*|<<)\s*\(?\s*((?:0x)?[\da-f]+)\s*\)?\s*)?\)?$/i.exec(plain);
  if (!product) return undefined;
  const [, first = '', operator, second = '1'] = product;
  return operator === '<<' ? Number(first) * 2 ** Number(second) : Number(first) * Number(second);
}
