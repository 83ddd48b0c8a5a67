# Unpacks what the role carries into a folder that only root can read, and runs the host program there. Read from
# standard input, with the files behind it: as an argument, Ansible would put variables of the environment into it.

set -u
umask 077
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

# run COMMAND [ARGUMENT...]: what it says stays in order.
run() {
  sh "$folder/nettune-host" "$@" "$folder/@name@" </dev/null 2>&1
}
