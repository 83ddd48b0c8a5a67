# Finds files as the host will find them that an image is for: there, a link to /etc means a folder of the image.

# The file that a path below / leads to. Fails when links lead round in a circle, or there is none: who opens a pipe waits.
follow_links() {
  rest=$1 found='' links=0
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    rest=${rest#"$part"}
    rest=${rest#/}
    case $part in
      '' | .) ;;
      ..) found=${found%/*} ;;
      *) follow_part || return 1 ;;
    esac
  done
  [ -f "$root$found" ] && printf '%s\n' "$root$found"
}

# As many links as the kernel follows.
follow_part() {
  [ -h "$root$found/$part" ] || { found=$found/$part; return 0; }
  links=$((links + 1))
  [ "$links" -le 40 ] || return 1
  to=$(readlink "$root$found/$part")
  rest=$to/$rest
  case $to in
    /*) found='' ;;
  esac
}

# Of paths below /, those at which there is something, be it a link to nothing.
list_present() {
  for file in "$@"; do
    [ ! -e "$file" ] && [ ! -h "$file" ] || printf '%s\n' "${file#"$root"}"
  done
}

# Whether systemd is what will boot the image.
boots_systemd() {
  if is_live; then
    has_systemd
  else
    follow_links usr/lib/systemd/systemd >/dev/null || follow_links lib/systemd/systemd >/dev/null
  fi
}
