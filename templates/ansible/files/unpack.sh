# Usage: sh FILE [--keep] COMMAND [OPTION...]
#
# Unpacks what the role brought to this host into a folder that only root can read, and runs nettune-host there. The files are
# behind this text, in the same file, which deletes itself. --keep keeps it for another command, unless this one is refused.

set -u
umask 077
keep=''
if [ "${1-}" = --keep ]; then shift; keep=yes; else rm -f "$0"; fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/nettune-@name@.XXXXXX") || exit 2
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' INT TERM HUP

# A line is `file` and a path, or a bar and a line of that file.
unpack() {
  cat >"$folder/bundle" || return 1
  sed -n 's/^file //p' "$folder/bundle" | while read -r path; do
    case $path in */*) mkdir -p "$folder/${path%/*}" || exit 1 ;; esac
  done
  to=$folder awk '
    /^file / { close(path); path = ENVIRON["to"] "/" substr($0, 6); separator = ""; next }
    { printf "%s%s", separator, substr($0, 2) >path; separator = "\n" }
  ' "$folder/bundle"
}

# run COMMAND [OPTION...]
run() {
  sh "$folder/nettune-host" "$@" "$folder/@name@" </dev/null
  code=$?
  if [ -z "$keep" ] || [ "$code" -ge 2 ]; then rm -f "$0"; fi
  return "$code"
}
