# Prints every assignment to the parameters `names` in files for sysctl, for each in their order: the name, the value and
# the place below the `root` of an image, with tabs between. Those of a pattern come first: systemd lets an exact name win.

BEGIN {
  count = split(ENVIRON["names"], names, " ")
  for (i = 1; i <= count; i++) wanted[i] = canonical(path_of(names[i]))
}

/^[ \t]*([#;]|$)/ || !index($0, "=") { next }
# Of tuned: a bound is no value.
FILENAME ~ /\/tuned\// && /=[ \t]*"?[<>]/ { next }
FILENAME ~ /\/tuned\// { gsub(/"/, "") }
{
  path = canonical(path_of(trimmed(substr($0, 1, index($0, "=") - 1))))
  rest = "\t" trimmed(substr($0, index($0, "=") + 1)) "\t" place() "\n"
  for (i = 1; i <= count; i++) {
    if (path == wanted[i]) exact[i] = exact[i] names[i] rest
    else if (matches_pattern(path, wanted[i])) patterns[i] = patterns[i] names[i] rest
  }
}
END { for (i = 1; i <= count; i++) printf "%s%s", patterns[i], exact[i] }

# Somebody else has named the file: a tab would stand between two fields.
function place(   name) {
  name = substr(FILENAME, length(ENVIRON["root"]) + 1)
  gsub(/\t/, "?", name)
  return name " line " FNR
}

# A minus says that an error does not matter.
function trimmed(text) {
  gsub(/[ \t\r]+/, " ", text)
  sub(/^ /, "", text)
  sub(/ $/, "", text)
  return text
}

# Names have dots or slashes between their parts: what comes first is the separator.
function path_of(name,   path, i, letter) {
  sub(/^- ?/, "", name)
  if (name !~ /^[^.\/]*\./) return name
  for (i = 1; i <= length(name); i++) {
    letter = substr(name, i, 1)
    path = path (letter == "." ? "/" : letter == "/" ? "." : letter)
  }
  return path
}

# Two names of the same number.
function canonical(path) {
  if (path == "net/ipv4/conf/all/forwarding") return "net/ipv4/ip_forward"
  if (path == "net/nf_conntrack_max") return "net/netfilter/nf_conntrack_max"
  if (path == "net/ipv4/ip_conntrack_max") return "net/ipv4/netfilter/ip_conntrack_max"
  return path
}

function matches_pattern(path, name) {
  if (path !~ /[*?]/ || path ~ /[^A-Za-z0-9_.\/*?-]/) return 0
  gsub(/\./, "[.]", path)
  gsub(/\*/, "[^/]*", path)
  gsub(/\?/, "[^/]", path)
  return name ~ ("^" path "$")
}
