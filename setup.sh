#!/bin/sh
# Make a venv (.venv) and install a lock file into it: sh setup.sh PYTHON LOCK [VENV]
set -eu
python=$1 lock=$2 venv=${3:-.venv}

fail() {
  echo "setup: $*" >&2
  exit 1
}

command -v "$python" >/dev/null || fail "no $python here; on Debian: apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python is older than 3.11"

if [ ! -x "$venv/bin/pip" ]; then
  echo "setup: making $venv"
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian keeps venv's pip in a package of its own.
    [ "$(id -u)" = 0 ] || fail "python3-venv is missing: sudo apt-get install python3-venv"
    apt-get update -q >/dev/null && apt-get install -qy --no-install-recommends python3-venv >/dev/null ||
      fail "apt-get could not install python3-venv"
  fi
  "$python" -m venv "$venv"
fi

echo "setup: installing $lock"
"$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$lock" 2>"$venv/setup.log" ||
  { cat "$venv/setup.log" >&2; fail "pip could not install $lock; the lines above say why"; }

if [ "$venv" = .venv ]; then # the checkout itself, as a package: `briefs` then works in any folder
  "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 2>"$venv/setup.log" ||
    { cat "$venv/setup.log" >&2; fail "pip could not install the checkout; the lines above say why"; }
fi
