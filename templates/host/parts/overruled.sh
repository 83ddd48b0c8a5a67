# Foretells what the next boot would undo: files of others that are read after those of a plan, and set the same otherwise.

# A sentence for each.
find_overruled() {
  find_overruled_values
  find_overruled_limits
  find_overruled_directives
}

# As if our file were there already.
find_overruled_values() {
  (
    find_boot_files "$(planned file | sed -n 's,^[^ ]* [^ ]* \(etc/sysctl[.]d/\),\1,p')"
    # shellcheck disable=SC2046
    list_assignments $(planned value | sed 's/ .*//')
  ) | live='' awk "$(text values.awk)" - "$new_plan" \
    | awk -F '\t' '{ print $2 " would be " $4 " as planned, but at boot " $6 " wins with " $7 }'
}

# systemd reads the drop-ins of all folders in the order of their names.
find_overruled_limits() {
  boots_systemd || return 0
  planned limit | while read -r service limit; do
    list_drop_ins "$service" | awk -F / -v ours="nettune-$name.conf" '$NF > ours' | while read -r file; do
      file=$(follow_links "$file") || continue
      awk -v limit="$limit" -v file="${file#"$root"}" '
        /^[ \t]*LimitNOFILE[ \t]*=/ { value = $0; sub(/^[^=]*=[ \t]*/, "", value); sub(/[: \t\r].*/, "", value); line = FNR }
        END { if (value ~ /^[0-9]+$/ && value + 0 < limit + 0) print "at boot " file " line " line " wins with LimitNOFILE = " value ", planned: " limit }
      ' "$file"
    done | tail -n 1
  done
}

# list_drop_ins SERVICE
list_drop_ins() {
  for folder_of_drop_ins in "$1.service.d" service.d; do
    for place in etc run usr/local/lib usr/lib lib; do list_present "$root/$place/systemd/system/$folder_of_drop_ins"/*.conf; done
  done | in_order_of_names
}
