#!/bin/sh
# How fast `retriage triage` goes through a log, beside `jq -c .` on the same file in the same run.
#
#   cargo xtask bench log
#   sh bindings/cli/benches/triage-vs-jq.sh [LINES] [ROUNDS]
#
# LINES (1000000) is the length of the log, ROUNDS (5) how often each program goes through it, in turns. Needs a POSIX
# shell, awk, jq and GNU time (as /usr/bin/time, or named by TIME); everything else comes from this repository. The log
# is made by the generator below from a fixed seed, so that it is the same everywhere. Prints the median of the rounds.
set -eu

lines=${1:-1000000}
rounds=${2:-5}
time=${TIME:-/usr/bin/time}
root=$(cd "$(dirname "$0")/../../.." && pwd)
for tool in awk jq cargo "$time"; do
    command -v "$tool" >/dev/null || { echo "$0: $tool is missing" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
log=$work/answers.ndjson

# Questions of the wire form, as a day at an integration engine might leave them: five catalogs, nine in ten answers
# good, bodies where the vendors send them. The random numbers are those of Park and Miller's minimal standard
# generator (16807, 2^31 - 1), which is exact in the doubles that every awk has.
awk -v lines="$lines" '
function random(below) {
    seed = (seed * 16807) % 2147483647
    return int(seed / 2147483647 * below)
}
function line(text) {
    print text
}
BEGIN {
    seed = 20261121
    for (n = 1; n <= lines; n++) {
        now = sprintf("%.0f", 1795219200000 + n * 86 + random(86))
        kind = random(100)
        if (kind < 40) {
            line("{\"catalog\":\"http\",\"status\":" (random(10) ? 200 : 304) ",\"now\":" now "}")
        } else if (kind < 60) {
            line("{\"catalog\":\"redox\",\"status\":200,\"now\":" now ",\"body\":\"{\\\"Meta\\\":{\\\"DataModel\\\":\\\"Results\\\",\\\"EventType\\\":\\\"New\\\",\\\"Message\\\":{\\\"ID\\\":" random(1000000000) "}}}\"}")
        } else if (kind < 80) {
            line("{\"catalog\":\"updox\",\"status\":200,\"now\":" now ",\"body\":\"{\\\"successful\\\":true,\\\"responseCode\\\":2000,\\\"responseMessage\\\":\\\"OK\\\",\\\"messageId\\\":" random(1000000000) "}\"}")
        } else if (kind < 90) {
            line("{\"catalog\":\"sportradar\",\"status\":200,\"now\":" now ",\"headers\":{\"Content-Type\":\"application/json\",\"Date\":\"Sat, 21 Nov 2026 20:40:00 GMT\"}}")
        } else if (kind < 92) {
            line("{\"catalog\":\"updox\",\"status\":200,\"now\":" now ",\"body\":\"{\\\"successful\\\":false,\\\"responseCode\\\":" 4000 + random(700) ",\\\"responseMessage\\\":\\\"Message could not be sent\\\"}\"}")
        } else if (kind < 94) {
            line("{\"catalog\":\"redox\",\"status\":401,\"now\":" now ",\"body\":\"Invalid source secret\"}")
        } else if (kind < 96) {
            line("{\"catalog\":\"redox\",\"status\":429,\"now\":" now ",\"headers\":{\"Retry-After\":\"" 1 + random(300) "\"}}")
        } else if (kind < 97) {
            line("{\"catalog\":\"redox\",\"status\":200,\"now\":" now ",\"body\":\"{\\\"Meta\\\":{\\\"Errors\\\":[{\\\"ID\\\":" random(1000000) ",\\\"Text\\\":\\\"Destination did not answer\\\",\\\"Type\\\":\\\"transmission\\\",\\\"Module\\\":\\\"Send\\\"}]}}\"}")
        } else if (kind < 99) {
            line("{\"catalog\":\"http\",\"status\":" 500 + random(5) ",\"now\":" now "}")
        } else {
            line("{\"catalog\":\"http\",\"failure\":\"" (random(2) ? "ECONNRESET" : "ETIMEDOUT") "\",\"now\":" now "}")
        }
    }
}' >"$log"

cargo build --quiet --release --manifest-path "$root/Cargo.toml" --package retriage-cli
retriage=$(cargo metadata --format-version 1 --no-deps --manifest-path "$root/Cargo.toml" |
    jq --raw-output .target_directory)/release/retriage
bytes=$(wc -c <"$log")

# Runs a command on the log and appends to a file: its seconds, its seconds of processor time, its kilobytes of peak
# memory.
measure() {
    results=$1
    shift
    "$time" -v "$@" "$log" >/dev/null 2>"$work/time"
    awk -F': ' '
        /Elapsed/ { n = split($NF, parts, ":"); for (i = 1; i <= n; i++) seconds = seconds * 60 + parts[i] }
        /User time/ || /System time/ { processor += $NF }
        /Maximum resident/ { memory = $NF }
        END { print seconds, processor, memory }' "$work/time" >>"$results"
}

# The file is read once before, so that both find it in memory.
cat "$log" >/dev/null
round=0
while [ "$round" -lt "$rounds" ]; do
    measure "$work/all" "$retriage" triage
    measure "$work/one" "$retriage" triage --threads 1
    measure "$work/jq" jq -c .
    round=$((round + 1))
done

# The median of a column of a file.
median() {
    awk -v column="$2" '{ print $column }' "$1" | sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

echo "$(jq --version), $("$retriage" --version), $(nproc) threads of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)"
echo "$lines lines, $bytes bytes; median of $rounds rounds"
echo
echo "| by | s | s of processor | lines a second | times as fast as jq | peak of memory |"
echo "|---|---:|---:|---:|---:|---:|"
base=$(median "$work/jq" 1)
for name in all one jq; do
    case $name in
    all) what='retriage triage' ;;
    one) what='retriage triage --threads 1' ;;
    jq) what='jq -c .' ;;
    esac
    awk -v what="$what" -v seconds="$(median "$work/$name" 1)" -v processor="$(median "$work/$name" 2)" \
        -v memory="$(median "$work/$name" 3)" -v base="$base" -v lines="$lines" 'BEGIN {
            printf "| %s | %.2f | %.2f | %.0f | %.1f | %.1f MB |\n", \
                what, seconds, processor, lines / seconds, base / seconds, memory / 1024
        }'
done
