# Reads how full the connection table is, and adds up counters since boot. Of /proc/net/netstat it reads a line of names and then
# one of numbers; of /proc/net/stat/nf_conntrack a line of names and then one of hexadecimal numbers for each processor. Prints
# seven numbers, with commas between; empty is what this kernel does not tell.

FILENAME ~ /_(count|max)$/ {
  counter = FILENAME
  sub(/.*_/, "", counter)
  if (!(counter in sum)) sum[counter] = $1
  next
}
FILENAME ~ /netstat$/ {
  if ($1 != "TcpExt:") next
  for (i = 2; i <= NF; i++) if ($2 ~ /^[0-9]+$/) sum[name[i]] = $i; else name[i] = $i
  next
}
FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
{ for (i = 1; i <= NF; i++) sum[name[i]] += number($i) }
END {
  counters = split("count max ListenOverflows ListenDrops insert_failed drop early_drop", counter_name, " ")
  for (i = 1; i <= counters; i++) printf "%s%s", shown(counter_name[i]), (i < counters ? "," : "\n")
}

function shown(counter) {
  return (counter in sum) ? sprintf("%.0f", sum[counter]) : ""
}

function number(digits,   i, value) {
  for (i = 1; i <= length(digits); i++) value = value * 16 + index("123456789abcdef", tolower(substr(digits, i, 1)))
  return value + 0
}
