# The plan that is to be in effect, and the one that was applied last, whose rest has to go. Either may be /dev/null.

# choose_profile PLAN: `given` is the plan of the folder that was named; without one, PLAN of the profile that is on this host.
choose_profile() {
  if [ -n "$folder" ]; then
    given=$folder/plan
    name=$(read_profile "$given")
  else
    find_profile
    given=$root/var/lib/nettune/$name/$1
  fi
  state=$root/var/lib/nettune/$name undo=$root/var/lib/nettune/$name/undo
}

# The plan is not trusted yet, and paths are made of this name.
read_profile() {
  sed -n 's/^profile \([a-z][a-z0-9-]\{0,19\}\)$/\1/p' "$1" | head -n 1 | grep . || { complain "$1 is not the plan of a profile"; exit 2; }
}

find_profile() {
  names=$(list_applied_profiles | sort -u)
  case $(print_lines "$names" | grep -c .) in
    1) name=$names ;;
    0) no_profile ;;
    *) complain "several profiles have left something on this host; name one by its folder: $(print_lines "$names" | sed 's,^,/var/lib/nettune/,' | tr '\n' ' ')"; exit 2 ;;
  esac
}

# Of nothing, nothing has to be taken away.
no_profile() {
  if [ "$subcommand" = remove ]; then say 'no profile is on this host: nothing was changed'; exit 0; fi
  complain 'no profile was applied on this host: name the folder of one, as nettune has written it'
  exit 2
}

list_applied_profiles() {
  list_files "$root"/var/lib/nettune/*/plan "$root"/var/lib/nettune/*/undo | sed 's,/[^/]*$,,; s,.*/,,'
}

use_plans() {
  old_plan=$1 new_plan=$2
  [ -e "$old_plan" ] || old_plan=/dev/null
  [ -r "$new_plan" ] || { complain "there is no $new_plan"; exit 2; }
  refuse_plan "$old_plan"
  refuse_plan "$new_plan"
  # A run that was cut short has left the originals where it kept them, and may have left servers as they were.
  originals=$state/before
  [ -e "$originals/paths" ] || [ ! -e "$undo/paths" ] || originals=$undo
  cut_short=$(cat "$undo/done" 2>/dev/null)
}

# Its last line holds a sum of those above it, comments apart.
refuse_plan() {
  [ "$1" != /dev/null ] || return 0
  known=$(sed -n 's/^format //p' "$1")
  if [ "$known" != "$format" ]; then
    complain "$1 is of format ${known:-unknown}, and this program reads format $format: use the nettune-host that was rendered together with it"
  elif [ "$(sum_plan "$1")" != "$(sed -n '$s/^end //p' "$1")" ]; then
    complain "$1 is cut off, or somebody has changed it: nothing was changed. Render it again, and copy it whole"
  else
    return 0
  fi
  exit 2
}

sum_plan() {
  sed '/^#/d; /^$/d; /^end /d' "$1" | cksum | tr ' ' :
}

# planned KIND: the words behind it, a line for each.
planned() {
  sed -n "s/^$1 //p" "$new_plan"
}

# Lines of both plans, once each.
of_both() {
  sed -n "s/^$1 //p" "$old_plan" "$new_plan" | sort -u
}

# gone KIND [FIELD]: lines that the old plan has and whose word the new one has not in any line of that kind. Field 0 is
# the whole line.
gone() {
  kind=$1 field=${2:-1} awk '
    $1 != ENVIRON["kind"] { next }
    { word = ENVIRON["field"] + 0 ? $(ENVIRON["field"] + 1) : $0 }
    FILENAME == ARGV[1] { kept[word] = 1; next }
    !(word in kept) { sub(/^[^ ]+ /, ""); print }
  ' "$new_plan" "$old_plan"
}

# Where a file of the plan is taken from.
source_of() {
  if [ "${1##*/}" = nettune-host ]; then printf '%s\n' "$nettune_host"; else printf '%s\n' "$folder/$1"; fi
}

# Of a copy that was cut off, nothing is put on a host.
refuse_half_a_copy() {
  faults=$(planned file | while read -r _ sum path; do
    file=$(source_of "$path")
    if [ ! -f "$file" ]; then
      echo "$path is missing"
    elif [ "$sum" != program ] && [ "$(sum_of "$file")" != "$sum" ]; then
      echo "$path is not what was rendered"
    fi
  done)
  [ -n "$faults" ] || return 0
  complain "nothing was changed: $folder is not whole. Render again, and copy all of it"
  say_each "$faults" >&2
  exit 2
}
