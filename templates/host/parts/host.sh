# Compares the machine with the one that was planned for. An image is made on another machine than the one it will run
# on: there only the distribution and the architecture count.

# Each line of the argument is a reason.
refuse_host() {
  [ -n "$1" ] || return 0
  outcome="refused: $(print_lines "$1" | head -n 1)"
  complain 'nothing was changed: this host is not what was planned for'
  complain_each "$1"
  exit 2
}

find_host_mismatches() {
  compare family "$(name_family)" "$(planned family)"
  compare distribution "$(name_distribution)" "$(planned distribution)"
  compare 'major version' "$(find_major_version)" "$(planned major-version)"
  compare architecture "$(name_architecture)" "$(planned architecture)"
  is_live || return 0
  planned kernel | while read -r kernel; do
    is_older "$(uname -r)" "$kernel" && echo "kernel: $(uname -r), planned for $kernel or newer"
  done
  memory=$(find_memory)
  least=$(planned least-memory-mib)
  [ "$memory" -ge "$least" ] \
    || echo "memory: $memory MiB, planned for $(planned memory-mib) MiB, of which $least must be there"
}

# compare WHAT FOUND PLANNED: one of the lines of PLANNED has to be it. There is none for a distribution that was unknown
# when this was planned.
compare() {
  [ -n "$3" ] || return 0
  ! printf '%s\n' "$3" | grep -qxF -e "$2" || return 0
  alternatives=$(printf '%s\n' "$3" | awk '{ printf "%s%s", between, $0; between = " or " }')
  printf '%s: %s, planned for %s\n' "$1" "$2" "$alternatives"
}

# httpd skips what is written for an MPM that it does not run. Versions before 2.4 write the name with a capital.
find_other_mpm() {
  is_live && [ -n "$(planned mpm)" ] && command -v apachectl >/dev/null || return 0
  running=$(apachectl -V 2>/dev/null | sed -n 's/^Server MPM: *//p' | tr '[:upper:]' '[:lower:]')
  [ -z "$running" ] || compare 'MPM of httpd' "$running" "$(planned mpm)"
}

# is_older RELEASE PLANNED: compares as many numbers as were planned.
is_older() {
  awk -v found="$1" -v planned="$2" 'BEGIN {
    numbers = split(planned, wanted, ".")
    split(found, number, /[^0-9]+/)
    for (i = 1; i <= numbers; i++) if (number[i] + 0 != wanted[i] + 0) exit !(number[i] + 0 < wanted[i] + 0)
    exit 1
  }'
}

# Kernels for 32 bits name the processor that they found.
name_architecture() {
  uname -m | sed 's/^i[3-6]86$/i686/'
}

# As Ansible names it, which is how plans do.
name_distribution() {
  case $(read_os_release ID) in
    almalinux) echo AlmaLinux ;;
    amzn) echo Amazon ;;
    centos) echo CentOS ;;
    debian) echo Debian ;;
    ol) echo OracleLinux ;;
    rhel) echo RedHat ;;
    rocky) echo Rocky ;;
    ubuntu) echo Ubuntu ;;
    '') name_by_release_file ;;
    *) read_os_release ID ;;
  esac
}

# Distributions from before os-release.
name_by_release_file() {
  case $(read_release_file) in
    CentOS*) echo CentOS ;;
    'Red Hat'*) echo RedHat ;;
    [0-9]*) echo Debian ;;
    *) echo unknown ;;
  esac
}

# Of a distribution that is not known by name, what it says that it is like.
name_family() {
  case " $(read_os_release ID) $(read_os_release ID_LIKE) " in
    *' debian '* | *' ubuntu '*) echo Debian ;;
    *' rhel '* | *' centos '* | *' fedora '*) echo RedHat ;;
    *) name_family_by_release_file ;;
  esac
}

name_family_by_release_file() {
  if [ -r "$root/etc/redhat-release" ]; then
    echo RedHat
  elif [ -r "$root/etc/debian_version" ]; then
    echo Debian
  else
    echo unknown
  fi
}

find_major_version() {
  version=$(read_os_release VERSION_ID)
  [ -n "$version" ] || version=$(read_release_file | sed 's/.* release //')
  printf '%s\n' "$version" | sed 's/[^0-9].*//'
}

# Read, never run.
read_os_release() {
  for file in etc/os-release usr/lib/os-release; do
    file=$(follow_links "$file") || continue
    sed -n "s/^$1=//p" "$file" | tr -d "\"'" | head -n 1
    return
  done
}

# "CentOS release 5.11 (Final)", or "7.11" of Debian.
read_release_file() {
  for file in etc/redhat-release etc/debian_version; do
    file=$(follow_links "$file") || continue
    head -n 1 "$file"
    return
  done
}

# Why the ports that are to be left untracked have to stay tracked; the loader's own reasons.
find_refused_rules() {
  is_live || return 0
  find_missing_init
  # What a proof shows now, the load that follows need not prove again.
  [ -n "$dry_run" ] || { NETTUNE_KEEP=1; export NETTUNE_KEEP; }
  planned rules | while read -r rules; do
    reasons=$(run_rules reasons "$(source_of "$rules")" 2>&1) || print_rule_lines "$reasons"
  done
}

# Untracking is a lease, which a unit renews.
find_missing_init() {
  ! is_guarded || has_systemd \
    || echo 'systemd does not run here, and nothing else runs the guard: set conntrack.untracked.served to false'
}

# Each of two profiles would take what the other one has set for what was there before.
find_other_profiles() {
  { list_applied_profiles; list_profiles_of_files; } | sort -u | grep -vxF -e "$name" | while IFS= read -r other; do
    record=$root/var/lib/nettune/$other
    [ -d "$record" ] || record='FOLDER, with the folder that nettune has written for it'
    print_lines "profile $other is on this host. Remove it first: nettune-host remove ${root:+--root $root }$record"
  done
}
