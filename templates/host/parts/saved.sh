# Packet rules of ours that somebody has saved together with all others. Restored at boot they do nothing, for nobody has
# renewed their lease; but they stay when the profile has gone.

find_saved_rules() {
  for file in iptables/rules.v4 iptables/rules.v6 sysconfig/iptables sysconfig/ip6tables iptables.up.rules; do
    [ ! -f "$root/etc/$file" ] || ! grep -q -e "NT-[A-Z]*-$name\( \|\$\)" "$root/etc/$file" \
      || print_lines "/etc/$file has packet rules of this profile, which somebody saved; take them out with: sed -i -E '/NT-[A-Z]+-$name( |\$)/d' $root/etc/$file"
  done
  table=$(echo "nettune_$name" | tr - _)
  for file in nftables.conf sysconfig/nftables.conf; do
    [ ! -f "$root/etc/$file" ] || ! grep -q -e "table inet $table " "$root/etc/$file" \
      || print_lines "/etc/$file has the table \`inet $table\` of this profile, which somebody saved: take it out"
  done
}
