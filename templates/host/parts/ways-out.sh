# Refuses an image that leads out of itself.

# A folder of an image that is a link into the host would have us write there.
refuse_ways_out() {
  [ -n "$root" ] || return 0
  way=$({ list_paths; echo "var/lib/nettune/$name/undo/files/"; echo "var/lib/nettune/$name/before/files/"; } | while read -r path; do
    ! leads_out "${path%/*}" || { echo "/${path%/*}"; break; }
  done)
  [ -z "$way" ] || refuse "$way leads out of $root"
}

leads_out() {
  folder=$root/$1
  until [ -d "$folder" ]; do folder=${folder%/*}; done
  case $(CDPATH='' cd -- "$folder" && pwd -P)/ in
    "$root"/*) return 1 ;;
  esac
}
