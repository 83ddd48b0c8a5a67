# Adds up counters since boot. Of /proc/net/netstat it reads a line of names and then one of numbers; of /proc/net/stat/nf_conntrack a line of
# names and then one of hexadecimal numbers for each processor. Prints five, with commas between; empty is what this kernel does
# not tell.

FILENAME ~ /netstat$/ {
  if ($1 != "TcpExt:") next
  for (i = 2; i <= NF; i++) if ($2 ~ /^[0-9]+$/) sum[name[i]] = $i; else name[i] = $i
  next
}
FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
{ for (i = 1; i <= NF; i++) sum[name[i]] += number($i) }
END {
  print shown("ListenOverflows") "," shown("ListenDrops") "," shown("insert_failed") "," shown("drop") "," shown("early_drop")
}

function shown(counter) {
  return (counter in sum) ? sprintf("%.0f", sum[counter]) : ""
}

function number(digits,   i, value) {
  for (i = 1; i <= length(digits); i++) value = value * 16 + index("123456789abcdef", tolower(substr(digits, i, 1)))
  return value + 0
}
