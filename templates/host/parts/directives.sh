# Directives of httpd 2.4: what counts in its configuration, and what will with our file in it. httpd itself says which files it
# reads, and in which order.

# list_directives [yes]: for each directive of the plan its name, its value and its place, with tabs between. yes: as if the file of the
# plan were there.
list_directives() {
  planned snippet | while read -r own source; do
    is_live && command -v apachectl >/dev/null || return 0
    apachectl -t -D DUMP_INCLUDES 2>/dev/null | names=$(planned directive | sed 's/ .*//' | tr '\n' ' ') mpm=$(planned mpm) own=/$own \
      copy=${1:+$(source_of "$source")} awk "$(text httpd-directives.awk)"
  done
}

# find_other_directives [yes]: those that are not as planned; their planned value is the last field.
find_other_directives() {
  list_directives "$@" | planned=$(planned directive | tr '\n' ' ') awk -F '\t' '
    BEGIN { n = split(ENVIRON["planned"], word, " "); for (i = 1; i < n; i += 2) planned[word[i]] = word[i + 1] }
    $2 != planned[$1] { print $0 "\t" planned[$1] }'
}

# Of a server that is told nothing, its own default counts.
foretell_directives() {
  say_each "$(find_other_directives | awk -F '\t' '{
    now = $2 == "" ? "its own default now" : $2 " now (" $3 ")"
    print "Apache\047s " $1 ": " now ", planned: " $4 ($2 ~ /^[0-9]+$/ && $4 + 0 < $2 + 0 ? ", which is less" : "")
  }')"
}

# A file of somebody else wins that is read after ours. Where ours is not there, that is what is said instead. A status has no time
# to ask httpd.
find_overruled_directives() {
  [ "$subcommand" != status ] || return 0
  if [ "$subcommand" = apply ]; then with_ours=yes; else with_ours=''; fi
  [ -n "$with_ours" ] || planned snippet | while read -r own _; do [ ! -e "$root/$own" ] || echo there; done | grep -q . || return 0
  find_other_directives "$with_ours" \
    | awk -F '\t' '$2 != "" { print "at boot " $3 " wins with " $1 " " $2 ", planned: " $4 }'
}
