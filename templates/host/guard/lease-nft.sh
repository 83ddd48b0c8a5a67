# The lease of a table of nft: it leaves nothing untracked, unless somebody has renewed it within the last seconds.
#
#   renew   makes the rules count for some seconds more. For the guard, which looks at the filter before it does.
#   end     has everything tracked at once. Exit code 1: there was nothing to end.
#   begun, held
#           say by their exit code whether the lease counts now.
#   reasons says why there can be no lease on this host.
#
# What holds it is the kernel: sets whose elements time out. A table that somebody saved and restored has none of them, or
# has those that were saved run out.

table="inet nettune_$id"
# A proof wants it longer.
seconds=${NETTUNE_LEASE:-3s}

# Emptied first: an element that is added again keeps its age on older kernels. The second set outlives the first: it lets
# segments of connections through that were open when the lease ended.
renew() {
  nft -f - <<END
flush set $table lease
add element $table lease { ipv4 timeout $seconds, ipv6 timeout $seconds }
flush set $table open
add element $table open { ipv4 timeout 10m, ipv6 timeout 10m }
END
}

end() {
  held || return 1
  nft flush set "$table" lease
}

held() { nft list set "$table" lease 2>/dev/null | grep -q expires; }

begun() { held; }

reasons() { :; }
