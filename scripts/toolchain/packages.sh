# The npm packages: installed anew only when the lock file has changed.

packages_are_current() {
  local stamp=$ROOT/node_modules/.nuts-installed installed=$ROOT/node_modules/.package-lock.json
  cmp -s "$ROOT/package-lock.json" "$stamp" && return
  # npm writes its own record last: a newer one is a finished `npm install`.
  [ -f "$installed" ] && [ ! "$ROOT/package-lock.json" -nt "$installed" ]
}

bring_packages() {
  packages_are_current && return
  need_own_folder
  local attempt
  for attempt in 1 2; do
    if step 'installing the npm packages' npm ci --prefix "$ROOT" --no-audit --no-fund \
      --loglevel error; then
      cp "$ROOT/package-lock.json" "$ROOT/node_modules/.nuts-installed"
      return
    fi
    [ "$attempt" -eq 1 ] && say '  trying once more, from the start'
    rm -rf "$ROOT/node_modules"
  done
  fail 'The npm packages could not be installed.' \
    'check the network and `npm config get registry`, then run the command again'
}
