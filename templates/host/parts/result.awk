# Makes one JSON value of the messages of a run, a line each: a kind, a tab, and a sentence. Lines of programs that were called
# have no kind. The last line is `exit`, a tab, and the exit code. On failure the messages go to standard error as well, where
# a person finds them whatever else is shown.
BEGIN { FS = "\t" }
{ kind = NF > 1 ? $1 : ""; sub(/:.*/, "", kind) }
kind == "exit" { exit_code = $2; next }
kind == "change" {
  split($1, part, ":")
  if (part[2] == "file" || part[2] == "comment") written[++files_written] = "/" part[3]
  if (part[2] == "drop") removed[++files_removed] = "/" part[3]
  change[++changes] = $2
  is_changed = 1
  next
}
kind == "machine" { split($1, part, ":"); machine = part[2] }
{ sentence = kind ~ /^(said|problem|restored|deferred|unconfirmed|machine)$/ ? $2 : without_name($0) }
kind == "problem" { problems = problems (problems == "" ? "" : "; ") sentence }
kind == "restored" { is_changed = 0 }
kind == "unconfirmed" { is_unconfirmed = 1 }
kind == "deferred" { split($1, part, ":"); deferred[++servers] = part[2] }
{ message[++messages] = sentence }
END {
  is_failed = !(exit_code == 0 || exit_code == 3 || exit_code == 1 && is_dry_run && problems == "")
  print "{"
  print "  \"changed\": " (is_changed ? "true" : "false") ","
  print "  \"failed\": " (is_failed ? "true" : "false") ","
  print "  \"msg\": " json(is_failed && problems != "" ? problems : message[messages]) ","
  print_list("changes", change, changes)
  print_list("messages", message, messages)
  print_list("written", written, files_written)
  print_list("removed", removed, files_removed)
  print_list("deferred", deferred, servers)
  print "  \"machine\": " (machine == "" ? "null" : json(machine)) ","
  print "  \"unconfirmed\": " (is_unconfirmed ? "true" : "false")
  print "}"
  if (is_failed) for (i = 1; i <= messages; i++) print printable(message[i]) | "cat >&2"
  exit exit_code
}

function without_name(line) {
  sub(/^nettune ([a-z0-9-]+: )?/, "", line)
  return line
}

function print_list(name, list, length_of_list, i) {
  printf "  \"%s\": [", name
  for (i = 1; i <= length_of_list; i++) printf "%s\n    %s", (i > 1 ? "," : ""), json(list[i])
  print (length_of_list ? "\n  " : "") "],"
}

function printable(text) {
  gsub(/[^ -~]/, "?", text)
  return text
}
