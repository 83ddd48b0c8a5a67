# The lease of rules of iptables: they leave nothing untracked, unless somebody has renewed it within the last seconds.
#
#   renew   makes the rules count for some seconds more. For the guard, which looks at the filter before it does.
#   end     has everything tracked at once. Exit code 1: there was nothing to end.
#   begun   says by its exit code whether it was renewed, and not ended since.
#   held    says by its exit code whether somebody keeps renewing it; takes up to ten seconds.
#   reasons says why there can be no lease on this host.
#
# What holds it is the kernel: lists of `recent` with the address of nobody, which rules with an empty mask find for
# everybody's packets. They come and go with the rules, and rules that somebody saved and restored find them empty.

lists=/proc/net/xt_recent

# mark SIGN LIST: one list for each family, where rules of it are loaded.
mark() {
  { [ ! -e "$lists/$2.4" ] || echo "$1"0.0.0.0 >"$lists/$2.4"; } &&
    { [ ! -e "$lists/$2.6" ] || echo "$1":: >"$lists/$2.6"; }
}

is_loaded() { [ -e "$lists/nettune-$name.4" ] || [ -e "$lists/nettune-$name.6" ]; }

# The second list outlives the first: it lets segments of connections through that were open when the lease ended.
renew() {
  is_loaded || { echo "nettune $name: no rules of ours are loaded that could be renewed" >&2; return 1; }
  mark + "nettune-$name" && mark + "nettune-$name.open"
}

begun() { grep -q . "$lists/nettune-$name".[46] 2>/dev/null; }

end() {
  begun || return 1
  mark - "nettune-$name"
}

# The kernel tells when it was renewed in ticks of its own, so: whether it is renewed while we look. A turn of a guard takes
# little more than a second, and several on a host that is busy.
held() {
  before=$(show_lists) looks=0
  while [ -n "$before" ] && [ "$looks" -lt 50 ]; do
    sleep 0.2
    now=$(show_lists) looks=$((looks + 1))
    [ "$now" = "$before" ] || { [ -n "$now" ]; return; }
  done
  return 1
}

show_lists() { cat "$lists/nettune-$name".[46] 2>/dev/null || :; }

# Nothing is loaded to find that out.
reasons() {
  [ ! -d "$lists" ] || return 0
  ! modprobe -n -q xt_recent 2>/dev/null || return 0
  echo 'the kernel has no module xt_recent, without which untracking could not end by itself (Red Hat: kernel-modules-extra)'
}
