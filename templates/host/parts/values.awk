# Compares the values of a plan with those in effect, and with what files will set at the next boot. Reads assignments as
# boot-order.awk prints them, and then the plan. Prints a line for each value that differs, with tabs between: `value`, or `boot` where the next boot
# alone will change it; its name, what it is, what is planned; the place that set it; the place that wins at boot, and its value.

BEGIN { FS = "\t" }
/^value / { compare(substr($0, 7)); next }
{
  place[$1] = $3
  winner[$1] = $2
  setter[$1 "\t" $2] = $3
}
END { printf "%s", at_boot }

function compare(line,   name, planned, now) {
  name = line
  sub(/ .*/, "", name)
  planned = substr(line, length(name) + 2)
  now = ENVIRON["live"] ? read_value(file_of(name)) : planned
  if (now != planned)
    print "value\t" name "\t" now "\t" planned "\t" setter[name "\t" now] "\t" place[name] "\t" winner[name]
  else if ((name in place) && winner[name] != planned)
    at_boot = at_boot "boot\t" name "\t" now "\t" planned "\t\t" place[name] "\t" winner[name] "\n"
}

# In a name a slash stands for a dot that is none of the separators.
function file_of(name,   path, i, letter) {
  if (name ~ /^\//) return name
  for (i = 1; i <= length(name); i++) {
    letter = substr(name, i, 1)
    path = path (letter == "." ? "/" : letter == "/" ? "." : letter)
  }
  return "/proc/sys/" path
}

# Numbers that belong together have a blank between them, where the kernel prints a tab.
function read_value(file,   line, value) {
  value = "missing"
  while ((getline line <file) > 0) value = value == "missing" ? line : value " " line
  close(file)
  gsub(/[ \t]+/, " ", value)
  sub(/^ /, "", value)
  sub(/ $/, "", value)
  return file ~ /\/tcp_allowed_congestion_control$/ ? in_order(value) : value
}

# The kernel prints this list of names in the order in which it came by them; a plan has it sorted.
function in_order(list,   word, count, i, k, moved) {
  count = split(list, word, " ")
  for (i = 2; i <= count; i++) {
    moved = word[i]
    for (k = i - 1; k > 0 && word[k] > moved; k--) word[k + 1] = word[k]
    word[k + 1] = moved
  }
  list = word[1]
  for (i = 2; i <= count; i++) list = list " " word[i]
  return list
}
