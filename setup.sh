#!/bin/sh
# Make a venv (.venv) and install a lock file into it: sh setup.sh PYTHON LOCK [VENV]
# Only say by the exit code whether a venv can be used: sh setup.sh check [VENV]
set -eu

fail() {
  echo "setup: $*" >&2
  exit 1
}

# Its Python runs and finds its packages, and its programs begin with a path to where it lies now.
is_sound() {
  [ -d "$1" ] && "$1/bin/python" -c 'import pip' 2>/dev/null &&
    head -n 3 "$1/bin/pip" 2>/dev/null | grep -qF "$(cd "$1" && pwd -P)/bin/"
}

is_of() { # VENV PYTHON
  version='import sys; print(sys.version_info[:2])'
  [ "$("$1/bin/python" -c "$version")" = "$("$2" -c "$version")" ]
}

# Run a long command with its output in a file, which is shown where it fails; dots at a terminal say that it goes on.
patiently() { # LOG COMMAND...
  log=$1 ticker='' status=0
  shift
  if [ -t 2 ]; then
    (while kill -0 $$ 2>/dev/null; do printf . >&2; sleep 1; done) &
    ticker=$!
    trap 'kill "$ticker" 2>/dev/null || true' EXIT
    trap 'exit 130' INT TERM
  fi
  "$@" >"$log" 2>&1 || status=$?
  if [ -n "$ticker" ]; then
    kill "$ticker" 2>/dev/null || true
    trap - EXIT INT TERM
    echo >&2
  fi
  [ "$status" = 0 ] || cat "$log" >&2
  return "$status"
}

install_for_debian() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && apt-get install -qy --no-install-recommends "$@"
}

if [ "$1" = check ]; then
  is_sound "${2:-.venv}"
  exit
fi
python=$1 lock=$2 venv=${3:-.venv}

command -v "$python" >/dev/null || fail "no $python here; on Debian: apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python is older than 3.11"

if [ -e "$venv" ] && ! { is_sound "$venv" && is_of "$venv" "$python"; }; then
  [ -f "$venv/pyvenv.cfg" ] || fail "$venv is there and is no venv: move it away"
  echo "setup: $venv is of another Python or another folder, or is not whole: it is made anew, with the lock file's packages only"
  rm -rf "$venv"
fi
if [ ! -e "$venv" ]; then
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian keeps venv's pip in a package of its own.
    [ "$(id -u)" = 0 ] || fail "python3-venv is missing: as root, apt-get install python3-venv"
    echo "setup: installing Debian's python3-venv, usually in less than a minute"
    said=$(mktemp)
    patiently "$said" install_for_debian python3-venv || fail "apt-get could not install python3-venv; the lines above say why"
    rm -f "$said"
  fi
  echo "setup: making $venv"
  "$python" -m venv "$venv"
fi

compile=--compile
[ -z "${CI:-}" ] || compile=--no-compile # a venv that is used once: what is imported of it is compiled then
packages=$(grep -c '^[A-Za-z0-9].*==' "$lock")
echo "setup: installing $packages packages of $lock, usually in one to three minutes"
patiently "$venv/setup.log" "$venv/bin/pip" install -q --disable-pip-version-check $compile --require-hashes -r "$lock" ||
  fail "pip could not install $lock; the lines above say why"

if [ "$venv" = .venv ] && [ -f pyproject.toml ]; then # the checkout itself, as a package: `briefs` then works in any folder
  patiently "$venv/setup.log" "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ||
    fail "pip could not install the checkout; the lines above say why"
fi
