# Shared by the scripts of this folder.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Runs a command as root: directly, or through sudo after asking.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || die "run this as root: $*"
  if [ "${CI:-}" != true ]; then
    [ -t 0 ] || die "run this first: sudo $*"
    read -r -p "setup wants to run: sudo $*  [y/N] " answer
    [ "$answer" = y ] || die "not installed. Run it yourself: sudo $*"
  fi
  sudo "$@"
}

# Programs that were built find the runtime where the `dotnet` of the PATH lies, wherever it was installed.
if [ -z "${DOTNET_ROOT:-}" ] && command -v dotnet >/dev/null; then
  dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
  if [ -d "$dotnet_root/shared" ]; then export DOTNET_ROOT=$dotnet_root; fi
fi
