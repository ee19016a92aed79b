# nats-server: 2.15 where it can be had, else what the system offers, at least 2.9.10.

NATS_WANTED=2.15.2
NATS_WANTED_LINE=2.15
NATS_NEEDED=2.9.10

nats_version() { "$1" --version 2>/dev/null | sed -n 's/^nats-server: v\{0,1\}//p'; }

nats_is_at_least() {
  local version
  version=$(nats_version "$2")
  [ -n "$version" ] && at_least "$1" "$version"
}

bring_nats_server() {
  if [ -n "${NATS_SERVER_BIN:-}" ]; then
    nats_is_at_least "$NATS_NEEDED" "$NATS_SERVER_BIN" && return
    fail "NATS_SERVER_BIN=$NATS_SERVER_BIN is no nats-server ≥ $NATS_NEEDED." \
      "point it at another one, or unset it"
  fi
  nats_is_at_least "$NATS_NEEDED" "$TOOLCHAIN/bin/nats-server" && return
  nats_is_at_least "$NATS_WANTED_LINE" nats-server && return
  if have go && [ -w "$ROOT" ] && step "building nats-server $NATS_WANTED with Go" build_nats_server; then return; fi
  nats_is_at_least "$NATS_NEEDED" nats-server && return
  need_own_folder
  if have apt-get && have dpkg; then
    step "fetching the system's nats-server package" fetch_nats_package "$TOOLCHAIN/bin" && return
  fi
  fail "A nats-server ≥ $NATS_NEEDED is missing and could not be brought." \
    "install one (https://github.com/nats-io/nats-server/releases) on PATH, or Go, and run again"
}

# Built elsewhere and moved: an interrupted build leaves nothing behind that looks finished.
build_nats_server() {
  local half=$TOOLCHAIN/half-nats-server
  rm -rf "$half"
  mkdir -p "$half" "$TOOLCHAIN/bin"
  (cd "$half" && GOBIN=$half GOFLAGS='' CGO_ENABLED=0 \
    go install -trimpath -ldflags '-s -w' "github.com/nats-io/nats-server/v2@v$NATS_WANTED") &&
    nats_is_at_least "$NATS_WANTED" "$half/nats-server" &&
    mv "$half/nats-server" "$TOOLCHAIN/bin/nats-server" && rm -rf "$half"
}

# Unpacked, not installed: no root is needed, and the system stays as it is.
fetch_nats_package() {
  local target=$1 half=$TOOLCHAIN/half-package
  rm -rf "$half"
  mkdir -p "$half" "$target"
  (
    cd "$half" || exit 1
    apt-get download nats-server || { apt-get update && apt-get download nats-server; } || exit 1
    dpkg -x ./nats-server_*.deb unpacked
  ) && nats_is_at_least "$NATS_NEEDED" "$half/unpacked/usr/sbin/nats-server" &&
    mv "$half/unpacked/usr/sbin/nats-server" "$target/nats-server" && rm -rf "$half"
}

# Debian's version beside the pinned one: the oldest that the service promises to work with.
bring_oldest_nats_server() {
  local target=$TOOLCHAIN/nats-oldest
  nats_is_at_least "$NATS_NEEDED" "$target/nats-server" || {
    have apt-get && have dpkg || fail "Debian's nats-server needs apt-get and dpkg." \
      "fetch nats-server $NATS_NEEDED yourself and run \`NATS_SERVER_BIN=… make test\`"
    step "fetching the system's nats-server package" fetch_nats_package "$target" ||
      fail "The package nats-server could not be fetched." "check the network, run \`apt-get update\`"
  }
  echo "$target/nats-server"
}
