# Whether connections to the served ports are untracked now, as the guard says and the kernel holds it. Nothing is proven here, and
# nobody is waited for.

# `tracking` is untracked or tracked; empty where the plan leaves no port untracked. `why_tracked` is a sentence.
find_tracking() {
  tracking='' why_tracked='' ports=$(planned untracked | tr '\n' ' ')
  [ -n "$ports" ] && is_guarded || return 0
  tracking=tracked
  { read -r word by <"/run/nettune-$name.guard"; } 2>/dev/null || word=absent by=''
  if ! is_guard_process "$by"; then
    why_tracked="connections are tracked: the guard does not run (systemctl status nettune-$name)"
  elif [ "$word" = looking ]; then
    why_tracked='connections are tracked: the guard is trying the packet rules'
  elif [ "$word" = untracked ] && is_lease_begun; then
    tracking=untracked
  else
    why_tracked="connections are tracked: the guard does not renew the lease. The reason: journalctl -u nettune-$name"
  fi
}

is_guard_process() {
  [ -n "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -q ' guard run '
}

is_lease_begun() {
  (use leased-rules && find_rules "/etc/nettune/$name" && lease begun) >/dev/null 2>&1
}

# Rules that a guard holds are in place as long as it renews their lease. Others take no proof to look at.
find_rules_not_in_effect() {
  if [ -n "$tracking" ]; then print_lines "$why_tracked"; else find_missing_rules; fi
}
