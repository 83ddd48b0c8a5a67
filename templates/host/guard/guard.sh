# Keeps the served ports untracked for as long as it is known that the filter accepts them so.
#
# Usage: nettune-host guard run|look|status [FOLDER]
#
#   run     for the unit of a profile; does not end.
#   look    before run, says that it is about to look; later, has it look again at once.
#   status  says by its exit code whether the ports are untracked now, and prints why not. Waits for a look that is under way.
#
# Untracking is a lease of a few seconds in the kernel. This loop renews it, and looks before it does: at the
# rules as they were when they had been proven. When anything has changed, it ends the lease, waits until nothing has
# changed for a while, has everything proven again, and goes on; or the ports stay tracked until something changes again.
# When it is killed the lease runs out. Every turn is a line in the journal.

set -u
LC_ALL=C
export LC_ALL

use leased-rules

case ${1-} in run | look | status) task=$1 ;; *) wrong_usage guard ;; esac
find_rules "${2-}"

# Seconds. Tests shorten them.
quiet=${NETTUNE_QUIET:-5}        # without a change, before rules are proven
longest=${NETTUNE_LONGEST:-600}  # the same, on a host whose rules change all the time; and what is long without a change
between=${NETTUNE_BETWEEN:-60}   # full looks, when nobody has told of a change
# Half seconds that `status` waits. A slow processor with a long filter takes minutes for a proof; a guard that is gone is not waited for.
patience=1200

# What it is about, and its process: `looking`, then `untracked` or `tracked`. Absent where no guard runs, unless it was killed.
# Whoever unloads the rules takes it away: then the guard renews no more.
state=/run/nettune-$name.guard

say() {
  # What somebody else wrote into a comment is not to command the terminal.
  text=$(printf '%s\n' "nettune $name: $*" | tr -c '\n -~' '?')
  printf '%s\n' "$text" >&2
  # Beside systemd, what we print is in the journal.
  [ -d /run/systemd/system ] || ! command -v logger >/dev/null || logger -t nettune -p daemon.notice "$text"
}

# Beside this process, which does not end when something cannot be read.
fingerprint() { (part_fingerprint "$1"); }
rules() { sh "$nettune_host" rules "$1" "$folder"; }
note() { echo "$1 ${2-$$}" >"$state.$$" && mv "$state.$$" "$state"; }
is_noted() { word='' by='' && read -r word by 2>/dev/null <"$state" && [ "$word" = "$1" ]; }
# One that was killed has not said so. Before the guard of a unit runs, nobody can have killed it.
is_looking() { is_noted looking && { [ "$by" = soon ] || is_guard "$by"; }; }
is_guard() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -q ' guard run '; }

status() {
  turns=0
  while is_looking && [ "$turns" -lt "$patience" ]; do
    sleep 0.5
    turns=$((turns + 1))
  done
  ! is_noted tracked && lease held && return
  echo "connections are tracked: the guard does not renew the lease. The reason: journalctl -u nettune-$name"
  return 1
}

# Packets of a boot find the host tracked, until whoever loads a filter has done so: also a script, or a timer after us.
has_booted() {
  [ ! -d /run/systemd/system ] || systemctl is-active --quiet multi-user.target
}

# MAINPID is systemd's word for the guard that runs; by hand, the guard's own word counts.
look() {
  by=${MAINPID-}
  [ -n "$by" ] || { is_noted looking || is_noted untracked || is_noted tracked; } && is_guard "$by" || by=''
  note looking "${by:-soon}"
  [ -z "$by" ] || kill -HUP "$by"
}

# Who starts us by hand has a filter already; at boot somebody may still be loading it.
run() {
  changed='' asked='' pause=$quiet held=0
  trap 'changed=yes' USR1
  trap 'changed=yes asked=yes' HUP
  trap 'stop' INT TERM
  note looking
  has_booted && asked=yes
  [ -n "$asked" ] || say 'waiting for multi-user.target: connections are tracked until then'
  until has_booted; do nap 2; done
  while :; do
    watch
    [ -n "$asked" ] || settle
    asked=''
    note looking
    prove
    case $? in
      0) hold ;;
      1) stay_tracked ;;
      *) say 'the rules of this host changed during the proof: starting again' ;;
    esac
    lengthen
  done
}

stop() {
  trap '' INT TERM HUP USR1
  # Who ends us in the midst of a look may have asked for it a moment ago.
  if lease begun; then
    note tracked
    rules track || :
    say 'the guard ends: connections are tracked again'
    # Accept rules go after this: what was open and has no entry gets one from its next packet.
    sleep 2
  fi
  [ -z "${watcher-}" ] || kill "$watcher" 2>/dev/null
  rm -f "$state"
  exit 0
}

# nap SECONDS: until then, or until somebody tells of a change.
nap() {
  sleep "$1" &
  wait $!
}

# The same, whoever tells of what, unless somebody asks; a signal that ends us does not have to wait.
rest() {
  sleep "$1" &
  while [ -z "$asked" ] && kill -0 $! 2>/dev/null; do wait $!; done
}

# The kernel tells of changes to tables of nft, and so to those of iptables-nft. Members of sets change all the time and
# decide for themselves alone; those of maps (KEY : VALUE) decide for others. The lease is ours.
watch() {
  watches=''
  ! nft list tables >/dev/null 2>&1 || watches=yes
  is_watched || {
    watch_nft $$ &
    watcher=$!
  }
}

is_watched() { [ -z "$watches" ] || { [ -n "${watcher-}" ] && kill -0 "$watcher" 2>/dev/null; }; }

watch_nft() {
  trap - INT TERM HUP USR1
  monitor_nft "$1" | while read -r line; do
    case $line in
      *' element '*' : '*) ;;
      *' element '* | '#'*) continue ;;
    esac
    kill -USR1 "$1" 2>/dev/null || exit
  done
}

# Ends soon after the guard, however that ended.
monitor_nft() {
  nft monitor 2>/dev/null &
  while kill -0 "$1" 2>/dev/null && kill -0 $! 2>/dev/null; do sleep 5; done
  kill $! 2>/dev/null
}

# Returns when nothing has changed for `pause` seconds, or when somebody asks.
settle() {
  before=''
  until now=$(fingerprint all) && [ "$now" = "$before" ] || [ -n "$asked" ]; do
    [ -n "$now" ] || say 'the rules of this host cannot be read (nettune-host fingerprint all): connections stay tracked'
    before=$now
    rest "$pause"
  done
}

# 0 proven, 1 refused, 2 changed meanwhile. The loader says why. What is placed is looked at before and after it says that it
# is as it should be: so it was this.
prove() {
  changed=''
  NETTUNE_GUARD=1 rules load || return 1
  if ! { placed=$(fingerprint all) && untold=$(fingerprint untold); }; then
    say 'the rules of this host cannot be read (nettune-host fingerprint all): connections stay tracked'
    return 1
  fi
  rules placed || return 1
  is_as_placed || return 2
}

is_as_placed() { [ "$(fingerprint all)" = "$placed" ]; }

# Of some changes nobody tells, so every turn looks for those. Who asks may have other rules of ours to load.
is_unchanged() {
  [ -z "$asked" ] && [ -e "$state" ] || return 1
  unseen=$((unseen + 1))
  if [ -n "$changed" ] || [ "$unseen" -ge "$between" ]; then
    changed='' unseen=0
    is_as_placed
  else
    is_watched && [ "$(fingerprint untold)" = "$untold" ]
  fi
}

hold() {
  held=0 unseen=0
  [ -e "$state" ] || return
  lease renew || { note tracked; say 'the lease cannot be renewed: connections stay tracked'; return; }
  note untracked
  say 'connections to the served ports are untracked'
  # Beside this loop, which has to renew meanwhile.
  rules forget &
  while is_unchanged && [ -e "$state" ] && lease renew; do
    nap 1
    held=$((held + 1))
  done
  [ -n "$asked" ] || note tracked
  # Also where a flush has taken our rules along, and so the lease: what was open has no entry.
  rules track || :
  [ -z "$asked" ] || return 0
  say 'the rules of this host may have changed: connections are tracked until a new proof'
}

# Without a change it tries again as well: what was refused may have failed for want of time or memory.
stay_tracked() {
  held=0 naps=0
  note tracked
  lease end || :
  say 'not proven: connections stay tracked. Next try when the rules of this host change, or in 11 minutes'
  refused=$(fingerprint all) || refused=''
  while [ -z "$asked" ] && now=$(fingerprint all) && [ "$now" = "$refused" ] && [ "$naps" -lt 60 ]; do
    nap 10
    rest 1
    naps=$((naps + 1))
  done
  say 'trying again'
}

# Each change costs a proof, and open connections a change of state; what somebody asks for is his to choose.
lengthen() {
  if [ -n "$asked" ] || [ "$held" -ge "$longest" ]; then pause=$quiet; else pause=$((pause * 2)); fi
  [ "$pause" -le "$longest" ] || pause=$longest
}

"$task"
