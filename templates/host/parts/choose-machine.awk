# Prints the machine of a list whose plan fits a host best: of those of the same distribution and architecture whose kernel is not
# newer and whose least memory is there, one that names the distribution; then the largest memory; then the newest kernel. No two
# machines of a list are the same in all of that. Without `is_live`, all that the first two let pass.
BEGIN {
  is_live = ENVIRON["is_live"]
  memory = ENVIRON["memory"]
}

$1 != "machine" || $6 != ENVIRON["architecture"] || $8 != ENVIRON["family"] { next }
{ is_named = NF > 8 }
is_named && ($9 != ENVIRON["major"] || index("," $10 ",", "," ENVIRON["distribution"] ",") == 0) { next }
is_live && (memory + 0 < $4 + 0 || is_newer($7, ENVIRON["kernel"])) { next }
{
  if (!is_live && count && is_named == best_named) { name[++count] = $2; next }
  if (count && !is_better()) next
  count = 1
  name[1] = $2
  best_named = is_named
  best_memory = $5
  best_kernel = $7
}
END { for (i = 1; i <= count; i++) print name[i] }

function is_better() {
  if (is_named != best_named) return is_named
  if ($5 != best_memory) return $5 + 0 > best_memory + 0
  return is_newer($7, best_kernel)
}

# Compares as many numbers as the first has.
function is_newer(one, other, wanted, number, numbers, i) {
  numbers = split(one, wanted, ".")
  split(other, number, /[^0-9]+/)
  for (i = 1; i <= numbers; i++) if (number[i] + 0 != wanted[i] + 0) return number[i] + 0 < wanted[i] + 0
  return 0
}
