# Finds what counts in the configuration of httpd. Reads which files it includes, as `-D DUMP_INCLUDES` prints them, and prints for each
# of the directives `names` its value and its place, with tabs between; both are empty where no file sets it. Where a directive
# stands more than once, the last one counts. `mpm` is the one that runs. `own` is a file of the plan, and `copy` is what it will
# be, unless it is there already.

BEGIN {
  count = split(ENVIRON["names"], names, " ")
  for (i = 1; i <= count; i++) name_of[tolower(names[i])] = names[i]
  if ("maxrequestworkers" in name_of) name_of["maxclients"] = "MaxRequestWorkers"
}

# The line of the file above it that includes a file is in brackets; files stand further right than what includes them.
/^ +\(/ {
  depth = index($0, "(")
  for (above = depth - 1; above > 0 && !(above in at_depth); above--);
  for (each in at_depth) if (each + 0 > depth) delete at_depth[each]
  at_depth[depth] = ++files
  file[files] = substr($0, index($0, ")") + 2)
  included[at_depth[above] "," substr($1, 2) + 0] = included[at_depth[above] "," substr($1, 2) + 0] " " files
  find_neighbour(files, file[files])
}

END {
  file["own"] = ENVIRON["own"]
  if (files) read_file(1)
  for (i = 1; i <= count; i++) print names[i] "\t" value[names[i]] "\t" place[names[i]]
}

# httpd reads a folder in the order of names: ours comes behind this one, or before that one.
function find_neighbour(id, path) {
  if (path == ENVIRON["own"]) is_there = 1
  if (folder_of(path) != folder_of(ENVIRON["own"])) return
  if (path < ENVIRON["own"]) behind = id
  else if (path > ENVIRON["own"] && !before) before = id
}

function folder_of(path) {
  sub(/\/[^\/]*$/, "", path)
  return path
}

# Lines are kept by file, since one is read while another one is.
function read_file(id,   source, text, lines, i, k, kid, kids, skipped) {
  source = file[id] == ENVIRON["own"] && ENVIRON["copy"] != "" ? ENVIRON["copy"] : file[id]
  lines = 0
  while ((getline text <source) > 0) body[id, ++lines] = text
  close(source)
  skipped = 0
  for (i = 1; i <= lines; i++) {
    skipped = read_line(body[id, i], skipped, file[id] " line " i)
    kids = split(included[id "," i], kid, " ")
    for (k = 1; k <= kids; k++) read_in_turn(kid[k])
  }
}

function read_in_turn(id,   is_due) {
  is_due = ENVIRON["copy"] != "" && !is_there
  if (is_due && !behind && id == before) read_file("own")
  read_file(id)
  if (is_due && id == behind) read_file("own")
}

# How many sections are open around it that do not count.
function read_line(text, skipped, where,   word) {
  split(text, word, /[ \t]+/)
  if (word[1] == "") { sub(/^[ \t]+/, "", text); split(text, word, /[ \t]+/) }
  if (skipped) return skipped + (word[1] ~ /^<[A-Za-z]/) - (word[1] ~ /^<\//)
  if (tolower(word[1]) == "<ifmodule" && !is_loaded(word[2])) return 1
  if (tolower(word[1]) in name_of) {
    value[name_of[tolower(word[1])]] = word[2]
    place[name_of[tolower(word[1])]] = where
  }
  return 0
}

# Only of MPMs it is known which one is loaded.
function is_loaded(module,   is_negated) {
  gsub(/[">]/, "", module)
  is_negated = sub(/^!/, "", module)
  if (module !~ /^(mpm_)?(prefork|worker|event)([.]c|_module)$/) return 1
  return (module ~ ("^(mpm_)?" ENVIRON["mpm"] "[._]")) != is_negated
}
