#compdef nettune
# Has zsh complete the arguments of nettune. In ~/.zshrc, after compinit: source <(nettune completion zsh)
# Or as a file named _nettune in a folder of fpath.

_nettune() {
  local -a lines values
  local line files
  lines=("${(@f)$(command nettune completion zsh -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  files=$lines[1]
  for line in "${(@)lines[2,-1]}"; do
    values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  _describe -t values value values
  case $files in
    profiles) _files -g '*.(yaml|yml)(-.)' ;;
    folders) _files -/ ;;
  esac
}

if [[ $funcstack[1] == _nettune ]]; then
  _nettune "$@"
else
  compdef _nettune nettune
fi
