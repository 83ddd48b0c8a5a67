# Has bash complete the arguments of nettune. In ~/.bashrc: source <(nettune completion bash)

_nettune() {
  local current=${COMP_WORDS[COMP_CWORD]} files word path
  COMPREPLY=()
  {
    read -r files
    while IFS=$'\t' read -r word _; do
      # bash has cut the line at =, and replaces only what stands behind it
      [[ $word == --*=* && $current != --* ]] && word=${word#*=}
      [[ $current == = || $word == "$current"* ]] && COMPREPLY+=("$word")
    done
  } < <(command nettune completion bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)

  [[ $files == none ]] && return
  compopt -o filenames 2>/dev/null # bash quotes what a name contains
  path=${current#[\"\']}
  path=${path//\\/}
  while IFS= read -r word; do
    [[ ${word##*/} == .* && ${path##*/} != .* ]] && continue # a hidden name has to be begun
    [[ -e $word || $word == "~"* ]] && COMPREPLY+=("$word") # a name with a line break comes in pieces
  done < <(
    compgen -d -- "$path"
    [[ $files == profiles ]] && compgen -f -X '!*.y*ml' -- "$path"
  )
}

complete -F _nettune nettune
