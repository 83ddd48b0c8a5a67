# What tuned sets: the profiles that are active, and those that they include.

# In the order in which they count. Profiles that include each other in a circle end after some rounds.
list_tuned_files() {
  [ -f "$root/etc/tuned/active_profile" ] || return 0
  names=$(cat "$root/etc/tuned/active_profile") found=''
  for _ in 1 2 3 4 5 6 7 8; do
    files=$(print_lines "$names" | tr -s ', \t' '\n' | while read -r profile; do find_tuned_file "$profile"; done)
    [ -n "$files" ] || break
    found=$(print_lines "$files" "$found")
    names=$(print_lines "$files" | while read -r file; do [ ! -f "$root$file" ] || sed -n 's/^include *=//p' "$root$file"; done)
  done
  print_lines "$found"
}

find_tuned_file() {
  case $1 in '' | */* | .*) return ;; esac
  list_present "$root/etc/tuned/profiles/$1/tuned.conf" "$root/etc/tuned/$1/tuned.conf" \
    "$root/usr/lib/tuned/profiles/$1/tuned.conf" "$root/usr/lib/tuned/$1/tuned.conf" | head -n 1
}

# It starts after the boot has set parameters, and then sets again what files in /etc say, unless it is told not to.
has_tuned_last_word() {
  grep -Eiqs '^ *reapply_sysctl *= *(0|false)' "$root/etc/tuned/tuned-main.conf"
}
