#!/usr/bin/env bash
# For any other CI, or cron: what to do with each way a check may end.
set -uo pipefail

npx --yes tokentape@0.1.0 check \
  --target candidate --against production --suite chat --max-cost 2 \
  --report text=reports/check.txt --report junit=reports/tokentape.xml
code=$?

case $code in
  0) echo 'no model got slower' ;;
  4) echo 'undecided: no reason to stop the build, and none to trust it' && exit 0 ;;
  99) echo 'a model got slower: reports/check.txt says which' ;;
  3) echo 'this machine was too busy to measure, or the run is incomplete: try again' ;;
  2) echo 'the config or the command line is wrong' ;;
  69) echo 'the endpoint cannot be reached, or refuses the key' ;;
  74) echo 'a report could not be written' ;;
  *) echo "ended with $code" ;;
esac
exit "$code"
