# A profile for several kinds of machines has a list of their plans instead of a plan. Of each machine it says: name, sum of the
# plan, least memory and memory in MiB, architecture, kernel, family, and where the distribution is known major version and name.

# choose_machine: `machine`, `machine_list` and `plan_of_machine`, by what this host is; or by --machine.
choose_machine() {
  machine_list=$folder/plan
  refuse_list
  machine=$wanted_machine
  [ -n "$machine" ] || machine=$(find_fitting_machines)
  case $(print_lines "$machine" | grep -c .) in
    0) refuse_host "$(describe_misfit)" ;;
    1) ;;
    *)
      complain "an image does not tell its memory. Add the machine that it is for to the command: --machine $(print_lines "$machine" | join_with ' or ')"
      exit 2
      ;;
  esac
  plan_of_machine=$folder/machines/$machine/plan
  refuse_other_plan
  # The answer of a status is all that it prints; and a run chooses again when it has the lock.
  [ "$subcommand" = status ] || [ "$told_machine" = "$machine" ] || print_message "machine:$machine" "takes the plan of machine $machine"
  told_machine=$machine
}

refuse_other_plan() {
  sum=$(awk -v name="$machine" '$1 == "machine" && $2 == name { print $3 }' "$machine_list")
  if [ -z "$sum" ]; then
    complain "there is no machine $machine in $machine_list: there are $(name_machines)"
  elif [ ! -f "$plan_of_machine" ] || [ "$(sum_of "$plan_of_machine")" != "$sum" ]; then
    complain "nothing was changed: $plan_of_machine is not what was rendered. Copy the whole folder again"
  else
    return 0
  fi
  exit 2
}

is_list() {
  [ -n "$folder" ] && [ "$1" = "$folder/plan" ] && grep -qx "format $list_format" "$1"
}

# Whoever can write a list can also write the sum of it, and paths are made of these names.
refuse_list() {
  if ! is_whole_plan "$machine_list"; then
    complain "$machine_list is cut off, or somebody has changed it: nothing was changed. Render it again, and copy it whole"
  elif sed -n 's/^machine \([^ ]*\).*/\1/p' "$machine_list" | grep -qv '^[A-Za-z0-9][A-Za-z0-9.-]*$'; then
    complain "$machine_list has lines that nettune never writes: nothing was changed"
  else
    return 0
  fi
  exit 2
}

name_machines() {
  awk '$1 == "machine" { print $2 }' "$machine_list" | join_with ', '
}

join_with() {
  between=$1 awk '{ printf "%s%s", between, $0; between = ENVIRON["between"] }'
}

# The one that fits this host best. Of an image neither kernel nor memory is known: there, all that may fit.
find_fitting_machines() {
  if is_live; then is_live=1; else is_live=''; fi
  is_live=$is_live memory=$(find_memory) kernel=$(uname -r) architecture=$(name_architecture) family=$(name_family) \
    distribution=$(name_distribution) major=$(find_major_version) awk "$(text choose-machine.awk)" "$machine_list"
}

find_memory() {
  awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo
}

# What this host has, and a line for each machine that there is a plan for.
describe_misfit() {
  printf '%s %s, %s' "$(name_distribution)" "$(find_major_version)" "$(name_architecture)"
  ! is_live || printf ', kernel %s, %s MiB of memory' "$(uname -r)" "$(find_memory)"
  echo ': no plan fits'
  awk '$1 == "machine" {
    distribution = NF > 8 ? $10 " " $9 : "family " $8
    printf "there is a plan for %s: %s, %s, kernel %s or newer, %s MiB of memory or more\n", $2, distribution, $6, $7, $4
  }' "$machine_list"
}

# is_own PATH: whether the file, or the folder of packet rules, is one that not all machines share.
is_own() {
  [ -n "$machine" ] && grep -qF -e "own machines/$machine/$1" "$machine_list"
}

# The list stays with the plan, so that a status can tell when another plan fits. An empty one has taken the place of another.
record_list() {
  if [ -n "$machine_list" ]; then
    cp "$machine_list" "$undo/machines"
  elif [ -s "$state/machines" ]; then
    : >"$undo/machines"
  fi
}

is_list_kept() {
  if [ -n "$machine_list" ]; then cmp -s "$machine_list" "$state/machines"; else [ ! -s "$state/machines" ]; fi
}

# find_followed: `followed`, the machine whose plan is in effect, and `fitting`, the one whose plan fits this host best by now.
find_followed() {
  followed='' fitting=''
  [ -z "$machine_list" ] || { followed=$machine fitting=$machine; return; }
  machine_list=$state/machines
  [ "$new_plan" != "$undo/plan" ] || machine_list=$undo/machines
  if [ -s "$machine_list" ]; then
    followed=$(awk -v sum="$(sum_of "$new_plan")" '$1 == "machine" && $3 == sum { print $2 }' "$machine_list")
    fitting=$(find_fitting_machines)
  fi
  machine_list=''
}

# A sentence, where another plan fits better; a host that grew, or shrank.
describe_fitting() {
  if [ -z "$followed" ] || [ "$fitting" = "$followed" ]; then
    return
  elif [ -z "$fitting" ]; then
    echo "no plan of this profile fits this host any more, which has $(find_memory) MiB of memory"
  else
    echo "the plan of machine $fitting fits this host better, which has $(find_memory) MiB of memory: apply the profile again"
  fi
}
