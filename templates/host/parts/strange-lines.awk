# Prints the lines of a plan that nettune never writes: whoever can write a plan can also write the sum of it. `name` is the profile.
# `parameters` names what a plan may set besides net., with a blank on either side.

{ kind = $1 }
kind == "file" && !($2 ~ /^0(644|755)$/ && $3 ~ /^(program|[0-9]+:[0-9]+)$/ && is_ours($4)) { print; next }
kind == "link" && !is_ours($2) { print; next }
kind == "line" && $2 !~ /^etc\/(modprobe[.]conf|squid\/squid[.]conf|sysconfig\/[a-z0-9-]+)$/ { print; next }
kind == "needs" && has_way_out($2) { print; next }
kind == "rules" && $0 != "rules etc/nettune/" name { print; next }
kind ~ /^(unit|guard)$/ && $2 !~ ("^nettune-" name "([.]service)?$") { print; next }
kind == "value" && !is_parameter($2) { print }

# A file that bears our name, the program, or its link.
function is_ours(path) {
  if (has_way_out(path)) return 0
  return path ~ ("(^|/)[0-9A-Z]*-?nettune-" name "([.][^/]*)?$") || index(path, "etc/nettune/" name "/") == 1 \
    || path == "usr/local/lib/nettune/nettune-host" || path == "usr/sbin/nettune-host"
}

function has_way_out(path) { return path == "" || path ~ /^\/|(^|\/)[.][.](\/|$)/ }

# A slash in a name is a dot of the interface's, as in eth0/100.
function is_parameter(key) {
  if (key ~ /^\/sys\/module\/[a-z0-9_]+\/parameters\/[a-z0-9_]+$/) return 1
  if (key ~ /[*?[]|\/\/|[.]\/|\/[.]|\/$/) return 0
  return key ~ /^net[.][^.\/]/ || index(parameters, " " key " ")
}
