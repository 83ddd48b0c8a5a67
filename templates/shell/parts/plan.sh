# The plan that is to be in effect, and the one that was applied last, whose rest has to go. Either may be /dev/null.

use_plans() {
  old_plan=$1 new_plan=$2
  [ -e "$old_plan" ] || old_plan=/dev/null
  [ -r "$new_plan" ] || { complain "there is no $new_plan"; exit 2; }
  source_folder=${here%/*}
  # A run that was cut short has left the originals where it kept them, and may have left servers as they were.
  originals=$state/before
  [ -e "$originals/paths" ] || [ ! -e "$undo/paths" ] || originals=$undo
  cut_short=$(cat "$undo/done" 2>/dev/null)
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
