# Finds values that are not as planned, who set them, and who wins at boot.

# Values that are not in effect, or will not be after the next boot. Of an image it is not known what is in effect. A line for each,
# with tabs between: its kind, a sentence, and then the fields that values.awk prints.
list_differing_values() {
  # shellcheck disable=SC2046
  values=$(list_assignments $(awk '$1 == "value" { print $2 }' "$new_plan") \
    | live=$(! is_live || echo yes) awk "$(text values.awk)" - "$new_plan")
  [ -n "$values" ] || return 0
  { list_other_hands; echo; print_lines "$values"; } | awk -F '\t' '
    !is_value { if ($0 == "") is_value = 1; else hand[$1] = $2; next }
    { print $1 "\t" ($1 == "boot" ? overruled() : $2 " is " $3 ", planned: " $4 "; " explained()) substr($0, length($1) + 1) }

    function overruled() {
      return $2 " is " $3 " as planned, but at boot " $6 " wins with " $7
    }

    function explained(   setter) {
      if ($2 ~ /^\//) return hand[$2]
      setter = $5 != "" ? "set by " $5 : hand[$2]
      if ($6 == "") return setter "; at boot no file sets it"
      if ($6 == $5) return setter ", which wins at boot too"
      return setter "; at boot " $6 " wins with " $7
    }
  '
}

# For values that no file for sysctl explains: a name, and who else may have set it.
list_other_hands() {
  keys=$(print_lines "$values" | awk -F '\t' '$1 == "value" && $5 == "" { print $2 }')
  [ -n "$keys" ] || return 0
  # Names of a plan have no blanks, and no signs of a pattern.
  # shellcheck disable=SC2086
  find_other_hands $keys
  print_lines "$keys" | while read -r key; do
    case $key in
      /sys/module/*) printf '%s\t%s\n' "$key" "$(explain_option "$key")" ;;
      *) printf '%s\t%s\n' "$key" "$(name_other_hand "$key")" ;;
    esac
  done
}

# The files for modprobe that name the option, such as hashsize; their lines are added together.
explain_option() {
  files=$(list_files /etc/modprobe.d/* /run/modprobe.d/* /usr/lib/modprobe.d/* /lib/modprobe.d/* /etc/modprobe.conf \
    | tr '\n' '\0' | xargs -0 grep -ls "^options.*[ ]${1##*/}=" /dev/null | sort -u | tr '\n' ' ')
  print_lines "at boot it is set by: ${files:-no file}"
}
