# One client: client.bash BYTES FOLDER SOURCE GO STRAYS CELL... STRAYS are DESTINATION>PORT, with commas between, or -; a cell
# is DESTINATION>PORT>KEEP. Prints
#   ready SOURCE              it is connected to the stand-in, whose segments are strays to anybody else
#   stray SOURCE>PORT         the host's TCP has answered one
#   trying SOURCE>DESTINATION>PORT
#   open SOURCE>DESTINATION>PORT, whole SOURCE>DESTINATION>PORT, kept SOURCE>DESTINATION>PORT
# It begins when the file GO of FOLDER is there. A connection to keep (KEEP is 1) is used once more when `wake` is there.

bytes=$1 folder=$2 source=$3 go=$4 strays=$5
shift 5
# Reading what nobody writes is a sleep without a process.
exec 8<>"$folder/never"
wait_for() { until [[ -e $folder/$1 ]]; do read -r -t 0.05 -u 8; done; }

send_stray() {
  echo stray >&"$2" && read -r -t 20 -u "$2"
  # 1 is a reset; more than 128 is that nothing came.
  [[ $? != 1 ]] || echo "stray $source>$1"
}

try_cell() {
  IFS='>' read -r destination port keep <<<"$1"
  cell="$source>$destination>$port"
  echo "trying $cell"
  exec 3<>"/dev/tcp/$destination/$port" || return
  echo "open $cell"
  read -r -N "$bytes" page <&3 || return
  [[ ${#page} == "$bytes" ]] || return
  echo "whole $cell"
  [[ $keep == 1 ]] || return
  wait_for wake
  echo "$cell" >&3 && read -r -t 8 answer <&3 && [[ $answer == "$cell" ]] && echo "kept $cell"
}

ends=() connections=()
if [[ $strays != - ]]; then
  for end in ${strays//,/ }; do
    exec {connection}<>"/dev/tcp/${end%>*}/${end#*>}" || continue
    ends+=("${end#*>}") connections+=("$connection")
  done
fi
echo "ready $source"
wait_for "$go"
for i in "${!ends[@]}"; do send_stray "${ends[i]}" "${connections[i]}" & done
for cell; do try_cell "$cell" & done
wait
