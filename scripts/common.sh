# shellcheck shell=bash
# What the scripts share: how they speak, how they fail, and how the UI is built.
# It is sourced; it starts nothing by itself.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -t 1 ]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
  export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-always}" # output goes through tee here and there
else
  bold='' dim='' red='' green='' yellow='' plain=''
fi

say() { printf '%s\n' "$*"; }
note() { printf '      %s%s%s\n' "$dim" "$*" "$plain"; }
warn() { printf '      %s%s%s\n' "$yellow" "$*" "$plain"; }

# Says what is wrong and, in further lines, what to do about it; then ends.
die() {
  printf '\n%s%s%s\n' "$red" "$1" "$plain" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

seconds_since() { printf '%d s' "$((SECONDS - $1))"; }

# Whether there is a screen to open a window on.
has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# Runs a command that talks too much: its output is kept in a file and shown only when it fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    die "That failed: $*" "The whole output: $log"
  fi
}

# A folder of this tree that someone else (often root, earlier) owns makes every later step fail oddly.
check_writable() {
  local path
  for path in . target ui/node_modules ui/dist .millrace .tools; do
    if [ -e "$path" ] && [ ! -w "$path" ]; then
      die "$(id -un) may not write to $PWD/$path." "sudo chown -R $(id -un) $PWD"
    fi
  done
}

# cargo and Node are what we ask for; too old ones fail late and unclearly, so look first.
check_tools() {
  local wanted have
  command -v cargo >/dev/null || die "cargo is missing." "Install Rust with rustup (https://rustup.rs), then try again."
  command -v node >/dev/null || die "Node is missing." "Install Node 20.19 or newer with npm, then try again."
  command -v npm >/dev/null || die "npm is missing." "Install npm beside Node, then try again."
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
  have=$(cargo --version | cut -d' ' -f2)
  at_least "$wanted" "$have" || die "cargo is $have, $wanted or newer is needed." "rustup update stable"
  wanted=$(sed -n 's/.*"node": ">=\(.*\)".*/\1/p' ui/package.json | head -n 1)
  have=$(node --version | tr -d v)
  at_least "${wanted:-20.19}" "$have" || die "Node is $have, ${wanted:-20.19} or newer is needed."
}

# at_least WANTED HAVE: compares versions.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# ---- the UI ----

# The stamps hold a digest of what went in, so a second run costs a second and a changed file is never missed.
# They live in node_modules: what is in dist gets built into the server.
ui_lock_digest() { sha256sum ui/package.json ui/package-lock.json | sha256sum; }
ui_source_digest() {
  find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print0 | sort -z |
    xargs -0 sha256sum | sha256sum
}

ui_packages_fresh() { [ "$(cat ui/node_modules/.millrace-packages 2>/dev/null)" = "$(ui_lock_digest)" ]; }
ui_packages() {
  ui_packages_fresh && return
  # A lock file made where the registry lacked some other platform's build of a tool names no version for it,
  # and newer npm then refuses `ci`. `install --no-save` takes the same locked versions and leaves the file alone.
  mkdir -p target/logs
  npm --prefix ui ci --no-audit --no-fund >target/logs/npm-ci.log 2>&1 ||
    quietly target/logs/npm-install.log npm --prefix ui install --no-save --no-audit --no-fund
  ui_lock_digest >ui/node_modules/.millrace-packages
}

ui_build_fresh() {
  [ -f ui/dist/index.html ] && [ "$(cat ui/node_modules/.millrace-build 2>/dev/null)" = "$(ui_source_digest)" ]
}
ui_build() {
  ui_build_fresh && return
  local digest
  digest=$(ui_source_digest) # taken before: an edit during the build counts for the next one
  quietly target/logs/ui-build.log npm --prefix ui run build
  printf '%s\n' "$digest" >ui/node_modules/.millrace-build
}
