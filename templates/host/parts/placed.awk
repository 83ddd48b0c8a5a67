# Prints the files and links of a plan that are not in place, as the plan has them. Reads what `cksum` and then `ls -lnd` say of them,
# with a line `and ls` between, and then the plan.

$1 == "file" { if (!is_file($2, $3, $4)) print; next }
$1 == "link" { if (!is_link($2, $3)) print; next }
$0 == "and ls" { is_list = 1; next }
!is_list { sum[$3] = $1 ":" $2; next }
{
  # The path is between the time and the arrow. No path of a plan has a blank, nor has what one of its links leads to.
  for (arrow = 1; arrow <= NF && $arrow != "->"; arrow++);
  path = $(arrow - 1)
  shape[path] = substr($1, 1, 10) " " $3 " " $4
  if (NF == arrow + 1) leads_to[path] = $NF
}

# What the sum of the program is, only the program can say.
function is_file(mode, planned, path) {
  return (planned == "program" ? ENVIRON["program"] : sum[path]) == planned \
    && shape[path] == (mode == "0755" ? "-rwxr-xr-x" : "-rw-r--r--") " 0 0"
}

function is_link(path, to) {
  return shape[path] ~ /^l/ && leads_to[path] == to
}
