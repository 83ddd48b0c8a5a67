import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { nettune } from './cli.ts';
import { temporaryFolder } from './temporary.ts';

/** A folder with these profiles rendered below `out`. */
export function renderProfiles(profiles: Readonly<Record<string, string>>): string {
  const entries = Object.entries(profiles);
  const folder = temporaryFolder(
    Object.fromEntries(entries.map(([name, text]) => [`profiles/${name}.yaml`, `name: ${name}\n${text}`])),
  );
  const { code, stderr } = nettune(['render', 'profiles', '-o', 'out'], { cwd: folder });
  expect({ code, errors: stderr.match(/error/g) }).toEqual({ code: 0, errors: null });
  return folder;
}

/** What a profile for the machine of the test says, whose table has the size it has: a namespace cannot change that. */
export function hostOfThisMachine(conntrack = ''): string {
  const memory = `${Math.floor(totalmem() / 2 ** 30)}GiB`;
  return `host: { distribution: debian-12, memory: ${memory}, architecture: ${MACHINE} }
conntrack: { maximum: ${readNumber('/proc/sys/net/netfilter/nf_conntrack_max')}, buckets: ${readNumber(HASHSIZE)}${conntrack} }
`;
}

export const MACHINE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

const HASHSIZE = '/sys/module/nf_conntrack/parameters/hashsize';

function readNumber(path: string): number {
  if (!existsSync(path)) throw new Error(`${path} is missing: load the module nf_conntrack, for these tests must not`);
  return Number(readFileSync(path, 'utf8'));
}

/**
 * Runs commands on what looks like a machine of their own, as root: /etc, /var/lib, the network, systemd and the size of
 * the hash table are nobody else's. `shell` runs the host program, which `apply`, `verify` and `remove` call with the name of
 * a profile; `snapshot FILE` writes down everything that they may change. Standard error is part of the output.
 */
export function onMachine(folder: string, commands: readonly string[], shell = 'dash'): string {
  const files = { systemctl: systemctlIn(folder), functions: FUNCTIONS, commands: commands.join('\n') };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o755 });
  const PATH = shell.startsWith('busybox') ? `${makeBusybox(folder)}:${process.env['PATH']}` : process.env['PATH'];
  const { stdout, error } = spawnSync('unshare', [...NAMESPACES, 'sh', '-euc', MACHINE_OF_ITS_OWN], {
    cwd: folder,
    env: { ...process.env, TEST_PATH: `${join(folder, 'servers')}:${PATH}`, TEST_SHELL: shell },
    encoding: 'utf8',
    timeout: 290_000,
  });
  if (error) throw new Error(`unshare cannot be run (Debian: util-linux): ${error.message}`);
  return stdout;
}

/** The programs of busybox that scripts use, by their names. */
function makeBusybox(folder: string): string {
  const programs = join(folder, 'busybox');
  mkdirSync(programs, { recursive: true });
  const names =
    'awk cat chmod chown cmp cp cut dirname grep head id ln ls mkdir mv readlink rm rmdir sed sort tail tr uname xargs';
  for (const name of names.split(' '))
    if (!existsSync(join(programs, name))) symlinkSync('/usr/bin/busybox', join(programs, name));
  return programs;
}

/** Whatever was started there ends with it. */
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];

const MACHINE_OF_ITS_OWN = `
exec 2>&1
mkdir -p layer; mount -t tmpfs none layer
for each in etc var/lib var/cache usr/local usr/sbin; do
  mkdir -p layer/$each/upper layer/$each/work
  mount -t overlay none -o lowerdir=/$each,upperdir=layer/$each/upper,workdir=layer/$each/work /$each
done
echo 1024 > layer/hashsize; mount --bind layer/hashsize ${HASHSIZE}
mount --bind systemctl /usr/bin/systemctl; mount -t tmpfs none /run; mkdir -p /run/systemd/system /run/lock
ip link set lo up
: > layer/calls; : > layer/apache2; : > layer/multi-user.target
set +e; . ./functions; . ./commands`;

const FUNCTIONS = `
run() { command=$1 profile=$2; shift 2; PATH=$TEST_PATH $TEST_SHELL out/nettune-host $command "$@" out/$profile; echo "exit code $?"; }
# The program alone, as it was rendered and as it is on the host: COMMAND [ARGUMENT...]
rendered() { PATH=$TEST_PATH $TEST_SHELL out/nettune-host "$@"; echo "exit code $?"; }
installed() { PATH=$TEST_PATH $TEST_SHELL /usr/sbin/nettune-host "$@"; echo "exit code $?"; }
apply() { run apply "$@"; }
verify() { run verify "$@"; }
remove() { run remove "$@"; }
rules() { iptables-save; ip6tables-save; }
snapshot() {
  { find /etc /var/lib/nettune /usr/local/lib/nettune /usr/sbin/nettune-host -printf '%p %m %U %l\\n' 2>/dev/null | sort
    find /etc /var/lib/nettune /usr/local/lib/nettune -type f -exec md5sum {} + 2>/dev/null | sort
    sysctl net 2>/dev/null | grep -v -e _count -e stable_secret
    cat layer/hashsize; rules | grep -e '^-A' -e NT-; ls layer | grep -v -e broken -e mortal -e snapshots -e pid; } > layer/snapshots.$1
}
same() { snapshot now; diff layer/snapshots.$1 layer/snapshots.now | grep '^[<>]' || echo "same as $1"; }
until_same() { for second in $(seq 40); do [ "$(same $1)" != "same as $1" ] || break; sleep 1; done; same $1; }
# Changes the plan of a profile as if it had been rendered so, also to the files beside it: edit PROFILE [SED...]
edit() {
  plan=out/$1/plan; shift
  sed -i '/^end /d' $plan; [ $# = 0 ] || sed -i "$@" $plan
  grep -v '^file .* program ' $plan | sed -n 's/^file //p' | while read -r mode sum path; do
    sed -i "s,^file $mode $sum $path$,file $mode $(cksum <\${plan%/*}/$path | tr ' ' :) $path," $plan
  done
  echo "end $(sed '/^#/d; /^$/d' $plan | cksum | tr ' ' :)" >> $plan
}
# Has httpd test its configuration by a command: tested_by COMMAND
tested_by() {
  mkdir -p servers; printf '#!/bin/sh\\n[ "$1" = configtest ] || exec /usr/sbin/apachectl "$@"\\n%s\\n' "$1" > servers/apachectl
  chmod +x servers/apachectl
}
calls() { echo "calls: $(grep -v -e is-active -e list-sockets -e '^show ' layer/calls | tr '\\n' ,)"; : > layer/calls; }
`;

/**
 * Stands for systemd: a unit is active while there is a file of its name. `NAME.broken` fails, `NAME.mortal` ends soon, once.
 * Our own units do what they say, with a guard where one is theirs.
 */
const systemctlIn = (folder: string) => `#!/bin/sh
cd ${folder}/layer || exit 1
echo "$*" >> calls
for unit; do :; done
unit=\${unit%.service}
folder=/etc/nettune/\${unit#nettune-}
program=/usr/local/lib/nettune/nettune-host
is_guard() { grep -q 'guard run' "/etc/systemd/system/$unit.service"; }
start() {
  is_guard || { sh $program rules load "$folder"; return; }
  sh $program guard look "$folder"
  setsid sh $program guard run "$folder" </dev/null >>"$unit.journal" 2>&1 9>&- &
  echo $! > "$unit.pid"
}
reload() {
  if [ -e "$unit.pid" ]; then MAINPID=$(cat "$unit.pid") sh $program guard look "$folder"; else sh $program rules load "$folder"; fi
}
stop() {
  if [ -e "$unit.pid" ]; then
    kill "$(cat "$unit.pid")"
    while kill -0 "$(cat "$unit.pid")" 2>/dev/null; do sleep 0.1; done
    rm -f "$unit.pid" "$unit.journal"
  fi
  sh $program rules unload "$folder"
}
case $1 in
  is-active) [ -e "$unit" ] ;;
  show) [ ! -e "$unit" ] || echo "ExecMainStartTimestampMonotonic=$(stat -c %y "$unit" | tr -cd 0-9)" ;;
  list-sockets) [ ! -e ssh.socket ] || echo '0.0.0.0:80 ssh.socket ssh.service' ;;
  start) [ ! -e "$unit.broken" ] && start && : > "$unit" ;;
  reload) reload ;;
  stop) stop; rm -f "$unit" ;;
  restart)
    : > "$unit"
    [ ! -e "$unit.broken" ] || { rm -f "$unit" "$unit.broken"; exit 1; }
    [ ! -e "$unit.mortal" ] || rm -f "$unit" "$unit.mortal"
    ;;
esac
`;

export const exitCodes = (output: string) =>
  [...output.matchAll(/^exit code (\d+)$/gm)].map(([, code]) => Number(code));
export const callsIn = (output: string) => [...output.matchAll(/^calls: (.*)$/gm)].map(([, calls]) => calls);
export const sames = (output: string) => output.match(/^same as \w+$/gm) ?? [];
