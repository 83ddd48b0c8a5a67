# Finds who sets a parameter, and who wins at boot: the last file that names it.

find_setter() {
  list_assignments "$1" | value=$(show_value "$1") awk -F '\t' '$2 == ENVIRON["value"]' | tail -n 1
}

# Nothing, when we have set what is in effect.
find_other_setter() {
  case $1 in /*) return ;; esac
  ! grep -qxF -e "value $1 $(show_value "$1")" "$old_plan" || return 0
  setter=$(find_setter "$1")
  file=$(place_in "$setter")
  is_ours "${file% line *}" || print_lines "$setter"
}

# A line of list_assignments is a name, a value and a place, with tabs between.
place_in() {
  printf '%s\n' "${1##*"$tab"}"
}

# list_assignments NAME...
list_assignments() {
  # One file a line. A glob in a name is none.
  # shellcheck disable=SC2086
  (names=$* && export names root && set -f && IFS='
' && awk "$(text boot-order.awk)" /dev/null $boot_files)
}

# find_boot_files [PATH]: once for all parameters, since this takes longer than to read the files. PATH is that of a file of the plan,
# which counts as it is in the plan's folder.
find_boot_files() {
  own_path=${1-}
  boot_files=$(list_boot_files | while read -r file; do
    if [ "$file" = "/$own_path" ]; then source_of "$own_path"; else follow_links "$file"; fi
  done)
}

# A file hides those of the same name in later folders; then the order is that of their names. Where systemd is not, the
# boot reads /etc/sysctl.conf last. ufw reads one of its own later than all of them.
list_boot_files() {
  has_tuned_last_word || list_tuned_files
  {
    [ -z "$own_path" ] || printf '%s\n' "/$own_path"
    list_present "$root"/etc/sysctl.d/*.conf "$root"/run/sysctl.d/*.conf "$root"/usr/local/lib/sysctl.d/*.conf \
      "$root"/usr/lib/sysctl.d/*.conf "$root"/lib/sysctl.d/*.conf
  } | in_order_of_names
  boots_systemd || list_present "$root/etc/sysctl.conf"
  ! has_tuned_last_word || list_tuned_files
  list_ufw_file
}

# Of paths, a line each: a file hides those of the same name that come later in the list.
in_order_of_names() {
  awk -F / '!($NF in seen) { seen[$NF] = 1; print $NF "/" $0 }' | sort | sed 's,^[^/]*/,,'
}

# The file that /etc/default/ufw names; where that line is a comment, ufw reads none.
list_ufw_file() {
  grep -qs '^ENABLED=yes' "$root/etc/ufw/ufw.conf" || return 0
  [ -f "$root/etc/default/ufw" ] || return 0
  file=$(sed -n "s/^[[:blank:]]*IPT_SYSCTL=[\"']*\([^\"' #]*\).*/\1/p" "$root/etc/default/ufw" | tail -n 1)
  case $file in /*) list_present "$root$file" ;; esac
}
