# One run at a time.

# lock_host [-n | -w SECONDS]: waits for another run to end, or fails at once, or after that time. The lock lies on a file that
# nobody but root can open, or on a folder of an image, in which it leaves nothing behind. It ends with the process that
# holds it, however that ends. What a run starts is not to have it (9>&-): a server would keep it for as long as it runs.
lock_host() {
  command -v flock >/dev/null || return 0
  locked=$root/var/lib
  if [ -z "$root" ]; then
    [ -d /run ] && locked=/run/nettune.lock || locked=/var/run/nettune.lock
    (umask 077 && : >>"$locked")
  fi
  [ -e "$locked" ] || return 0
  exec 9<"$locked"
  flock "$@" 9
}

# Before anything is looked at that another run is about to change.
refuse_second_run() {
  [ -n "$dry_run" ] || lock_host -n || refuse 'another run is going on'
  [ -n "$dry_run" ] || finish_keeping || refuse "what was there before cannot be kept in $state"
  refuse_damage
  [ -n "$dry_run" ] || sweep
  choose_plans
  ! is_awaited || refuse 'a run waits for its confirmation: nettune-host apply --confirm keeps what it did, --put-back does not'
}

refuse() {
  outcome="refused: $1"
  complain "nothing was changed: $1"
  exit 2
}
