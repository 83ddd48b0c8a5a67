#!/bin/sh

# Usage: find-translated-ports.sh PORT...      as 80 or 8000-8100
# Prints each packet rule that translates one of these TCP ports (DNAT, REDIRECT, TPROXY), or hands other packets to one
# of them: either needs the connection table. In doubt a rule is printed.
# Reads only. It names no table: naming one of iptables-legacy loads it, and a nat table starts connection tracking.
set -eu

list() {
  if command -v "$1" >/dev/null 2>&1; then "$@"; fi
}

rules=$(
  list iptables-save
  list ip6tables-save
  list iptables-legacy-save
  list ip6tables-legacy-save
  list nft list ruleset 2>&1
)

# shellcheck disable=SC2016
printf '%s\n' "$rules" | awk -v ports="$*" '
  BEGIN { count = split(ports, ours, " ") }

  # Whether "80,8000:8100" has one of our ports in it.
  function covers(list,    parts, part, ends, low, high, mine, i, j) {
    part = split(list, parts, ",")
    for (i = 1; i <= part; i++) {
      ends = split(parts[i], low, "[:-]")
      for (j = 1; j <= count; j++) {
        high = split(ours[j], mine, "-")
        if (low[1] + 0 <= mine[high] + 0 && mine[1] + 0 <= low[ends] + 0) return 1
      }
    }
    return 0
  }

  # The word behind what `pattern` finds last.
  function word_after(pattern, rule) {
    sub(".*" pattern, "", rule)
    sub(/ .*/, "", rule)
    return rule
  }

  # Whether a rule of iptables-save may see TCP packets to one of our ports.
  function concerns(rule) {
    if (rule ~ / -p / && rule !~ /( ! -p| -p (tcp|all)) /) return 0
    if (rule ~ / ! --dports? / || rule !~ / --dports? /) return 1
    return covers(word_after(" --dports? ", rule))
  }

  # Follows the jumps from a chain and prints the rules that translate.
  function walk(chain,    i, target) {
    if (chain in visited) return
    visited[chain] = 1
    for (i = 1; i <= rules_in[chain]; i++) {
      if (!concerns(rules[chain, i])) continue
      target = word_after(" -[jg] ", rules[chain, i])
      if (target ~ /^(DNAT|REDIRECT|TPROXY)$/) print rules[chain, i]
      else if (target in rules_in) walk(target)
    }
  }

  /^\*/ { split("", rules); split("", rules_in); split("", visited) }
  /^-A .* -j (REDIRECT|TPROXY) .*--(to-ports|on-port) / && covers(word_after("--(to-ports|on-port) ", $0)) { print; next }
  /^-A .* -[jg] / { rules[$2, ++rules_in[$2]] = $0 " " }
  /^COMMIT/ { walk("PREROUTING"); walk("OUTPUT") }

  # nft names ports in a rule, in a set or in a map; what is not plain numbers counts as ours. The tables that belong
  # to iptables, of which nft warns, were seen above.
  /^# Warning: table .* is managed by iptables-nft/ { managed[$4, $5] = 1 }
  /^table / { skipped = ($2, $3) in managed }
  # What was translated is no translation: firewalld has `ct status dnat accept`.
  { sub(/ct status (!= )?[a-z]+(,[a-z]+)*/, "ct status") }
  !skipped && / (dnat|tproxy|redirect)( |$)/ && !/udp dport/ {
    if (/ (tproxy|redirect) .*to [^ ]*:[0-9]/ && covers(word_after("to [^ ]*:", $0))) { print; next }
    spec = $0
    if (sub(/.* dport /, "", spec)) {
      if (spec ~ /^\{/) sub(/ *\}.*/, "", spec)
      else sub(/ .*/, "", spec)
      gsub(/[{ ]/, "", spec)
      if (spec ~ /^[0-9,-]+$/ && !covers(spec)) next
    }
    print
  }
'
