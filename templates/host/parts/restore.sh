# Puts single files and links back.

# put_back_path FOLDER PATH. What FOLDER knows nothing of was not there. A run that was cut short may have left what it wrote
# first.
put_back_path() {
  rm -f "$root/$2.nettune-new"
  { noted "$1/paths" "$2" || echo none; } | {
    read -r kind _ to
    case $kind in
      file) is_same "$1/files/$2" "$root/$2" || copy_as_it_is "$1/files/$2" "$root/$2" ;;
      link) is_linked "$root/$2" "$to" || install_link "$root/$2" "$to" ;;
      *) rm -f "$root/$2" ;;
    esac
  }
}

is_same() {
  [ ! -h "$2" ] && is_same_text "$1" "$2" && [ "$(permissions_of "$1")" = "$(permissions_of "$2")" ]
}

# A file or link of ours that lay there before, by other means, is no original.
drop_path() {
  if is_ours "$originals/files/$1" || is_our_link "$1"; then
    rm -f "$root/$1"
  else
    put_back_path "$originals" "$1"
  fi
}

is_our_link() {
  noted "$originals/paths" "$1" | {
    read -r kind path to
    [ "$kind" = link ] && gone link | grep -qxF "$path $to"
  }
}
