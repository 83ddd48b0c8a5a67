# The answer of a status for scripts: schemas/status.schema.json.

answer_json() {
  if is_in_effect; then in_effect=true; else in_effect=false; fi
  cat <<END
{
  "version": 1,
  "profile": $(json_string "$name"),
  "machine": $(json_word "$followed"),
  "fittingMachine": $(json_word "$fitting"),
  "inEffect": $in_effect,
  "waits": $(json_word "$waits"),
  "differences": [$(list_differences_in_json)],
  "tracking": $(json_word "$tracking"),
  "connectionTable": {
    "entries": $(json_number "$entries"),
    "maximum": $(json_number "$maximum"),
    "insertFailed": $(json_number "$insert_failed"),
    "dropped": $(json_number "$dropped"),
    "earlyDropped": $(json_number "$early_drop")
  },
  "listenQueues": [$(list_queues_in_json)],
  "listenOverflows": $(json_number "$overflows"),
  "listenDrops": $(json_number "$drops")
}
END
}

list_differences_in_json() {
  print_lines "$differences" | awk "$(text json.awk)"'
    BEGIN { FS = "\t" }
    {
      printf "%s\n    { \"kind\": %s, \"text\": %s", (NR == 1 ? "" : ","), json($1), json($2)
      if ($1 == "value" || $1 == "boot") {
        printf ", \"name\": %s, \"is\": %s, \"planned\": %s, \"setBy\": %s", json($3), json($4), json($5), $6 == "" ? "null" : json($6)
        printf ", \"atBoot\": %s", $7 == "" ? "null" : "{ \"value\": " json($8) ", \"setBy\": " json($7) " }"
      }
      printf " }"
    }
    END { if (NR) printf "\n  " }
  '
}

list_queues_in_json() {
  print_lines "$planned_queues" | awk "$(text json.awk)"'
    {
      printf "%s\n    { \"address\": %s, \"waiting\": %d, \"length\": %d, \"planned\": %d }", (NR == 1 ? "" : ","), json($1), $2, $3, $4
    }
    END { if (NR) printf "\n  " }
  '
}
