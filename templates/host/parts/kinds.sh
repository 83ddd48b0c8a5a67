# Sentences of several kinds: a kind, a tab and a sentence in each line.

tab=$(printf '\t')

# of_kind KIND COMMAND: what it prints are sentences.
of_kind() {
  "$2" | while IFS= read -r sentence; do printf '%s\t%s\n' "$1" "$sentence"; done
}

# pick_kind KIND: the sentences of that kind.
pick_kind() {
  sed -n "s/^$1$tab//p" | cut -f 1
}
