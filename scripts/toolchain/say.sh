# Progress and failure, all on standard error: standard output belongs to the command that is run.

say() { printf '%s\n' "$*" >&2; }

# One sentence that says what is wrong, one that says what to do.
fail() {
  say "✗ $1"
  say "  → $2"
  exit 1
}

# The process group of the step that is under way, for `end_step`.
STEP=

# Ends a step that is under way, at once: npm asked politely goes on for more than a minute. What it
# leaves half done is recognised the next time.
end_step() { [ -z "$STEP" ] || kill -KILL -- "-$STEP" 2>/dev/null || true; }

# Call in every shell that runs steps.
end_steps_with_this_shell() {
  trap end_step EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# step TEXT COMMAND…: runs a long command quietly, with a sign of life; shows its output if it fails.
step() {
  local text=$1 log started=$SECONDS ticker status=0
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/nuts-step.XXXXXX")
  say "… $text"
  # Ends with the script too: bash lets a background job ignore Ctrl-C. The sleep may outlive it for
  # a moment, and must not hold the caller's pipe open.
  (
    while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
      [ $(((SECONDS - started) % 15)) -ne 0 ] || say "  still at it: $text ($((SECONDS - started)) s)"
    done
  ) &
  ticker=$!
  # A group of its own, waited for: a trap of this shell runs at once, and finds all of it to end.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  STEP=$!
  set +m
  wait "$STEP" || status=$?
  STEP=
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if [ "$status" -eq 0 ]; then
    say "✓ $text ($((SECONDS - started)) s)"
  else
    excerpt "$log" | sed 's/^/  │ /' >&2
  fi
  rm -f "$log"
  return "$status"
}

# The cause of a failure stands at the beginning or at the end of what a tool says.
excerpt() {
  if [ "$(wc -l <"$1")" -le 24 ]; then
    cat "$1"
  else
    head -n 12 "$1"
    echo '[…]'
    tail -n 12 "$1"
  fi
}

# For whatever is brought: only then does the project's folder have to be one's own.
need_own_folder() {
  [ -w "$ROOT" ] || fail "$ROOT cannot be written to, and something is missing in it." \
    "clone the project into a folder of your own"
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 22.12 22.9.1 → false: compares dotted versions by their first three numbers.
at_least() {
  local wanted=$1 found=$2 IFS=.
  # shellcheck disable=SC2086
  set -- $wanted
  local w1=${1:-0} w2=${2:-0} w3=${3:-0}
  # shellcheck disable=SC2086
  set -- $found
  local f1=${1:-0} f2=${2:-0} f3=${3:-0}
  f3=${f3%%[!0-9]*}
  if [ "$f1" -ne "$w1" ]; then [ "$f1" -gt "$w1" ]; return; fi
  if [ "$f2" -ne "$w2" ]; then [ "$f2" -gt "$w2" ]; return; fi
  [ "${f3:-0}" -ge "$w3" ]
}
