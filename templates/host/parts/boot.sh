# Finds who sets a parameter, and who wins at boot: the last file that names it.

tab=$(printf '\t')

# Values that are in effect, but will not be after the next boot. Of an image it is not known what is in effect.
find_overruled() {
  # shellcheck disable=SC2046
  list_assignments $(planned value | sed 's/ .*//') | plan=$new_plan awk -F '\t' '
    { winner[$1] = $2; place[$1] = $3 }
    END {
      while ((getline <ENVIRON["plan"]) > 0) {
        split($0, word, " ")
        value = substr($0, length(word[1] word[2]) + 3)
        if (word[1] == "value" && (word[2] in place) && winner[word[2]] != value)
          print word[2] "\t" value "\t" place[word[2]] "\t" winner[word[2]]
      }
    }
  ' | while IFS=$tab read -r key value place other; do
    ! is_live || [ "$(show_value "$key")" = "$value" ] || continue
    print_lines "$key is $value as planned, but at boot $place wins with $other"
  done
}

# Who set what is in effect now, and who wins at boot.
explain_value() {
  case $1 in
    /*) explain_option "$1" ;;
    *) explain_parameter "$1" ;;
  esac
}

explain_parameter() {
  setter=$(find_setter "$1")
  winner=$(find_winner "$1")
  if [ -n "$setter" ]; then
    printf 'set by %s' "$(place_in "$setter")"
  else
    printf 'no file says so: set by hand or by a program, or never set'
  fi
  case $winner in
    '') echo '; at boot no file sets it' ;;
    "$setter") echo ', which wins at boot too' ;;
    *) print_lines "; at boot $(place_in "$winner") wins with $(value_in "$winner")" ;;
  esac
}

# The files for modprobe that name the option, such as hashsize; their lines are added together.
explain_option() {
  files=$(list_files /etc/modprobe.d/* /run/modprobe.d/* /usr/lib/modprobe.d/* /lib/modprobe.d/* /etc/modprobe.conf \
    | tr '\n' '\0' | xargs -0 grep -ls "^options.*[ ]${1##*/}=" /dev/null | sort -u | tr '\n' ' ')
  print_lines "at boot it is set by: ${files:-no file}"
}

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

find_winner() {
  list_assignments "$1" | tail -n 1
}

# A line of list_assignments is a name, a value and a place, with tabs between.
value_in() {
  rest=${1#*"$tab"}
  printf '%s\n' "${rest%%"$tab"*}"
}

place_in() {
  printf '%s\n' "${1##*"$tab"}"
}

# list_assignments NAME...
list_assignments() {
  print_lines "$boot_files" | tr '\n' '\0' | names=$* root=$root xargs -0 awk "$(text boot-order.awk)" /dev/null
}

# Once for all parameters: this takes longer than to read the files.
find_boot_files() {
  boot_files=$(list_boot_files | while read -r file; do follow_links "$file"; done)
}

# A file hides those of the same name in later folders; then the order is that of their names. Where systemd is not, the
# boot reads /etc/sysctl.conf last. ufw has a file of its own, which it reads later than all of them.
list_boot_files() {
  has_tuned_last_word || list_tuned_files
  list_present "$root"/etc/sysctl.d/*.conf "$root"/run/sysctl.d/*.conf "$root"/usr/local/lib/sysctl.d/*.conf \
    "$root"/usr/lib/sysctl.d/*.conf "$root"/lib/sysctl.d/*.conf \
    | awk -F / '!($NF in seen) { seen[$NF] = 1; print $NF "/" $0 }' | sort | sed 's,^[^/]*/,,'
  boots_systemd || list_present "$root/etc/sysctl.conf"
  ! has_tuned_last_word || list_tuned_files
  ! grep -qs '^ENABLED=yes' "$root/etc/ufw/ufw.conf" || list_present "$root/etc/ufw/sysctl.conf"
}
