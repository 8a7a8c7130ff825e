#!/usr/bin/env bash
# Are the C++ sources formatted by .clang-format?
#   scripts/check_format.sh        says what is not, and fails
#   scripts/check_format.sh --fix  formats it
# The rule is clang-format 14, Debian 12's: other versions lay some lines out differently, so with
# another one a difference is only told.
set -euo pipefail
cd "$(dirname "$0")/.."

rule=14
tool=$(command -v clang-format-$rule || command -v clang-format) || {
  echo 'clang-format is missing: make dependencies' >&2
  exit 1
}
version=$("$tool" --version | sed -E 's/.*version ([0-9]+).*/\1/')

# Tracked files and new ones; in a tree without its git folder, all of them.
mapfile -t files < <(
  git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' 2>/dev/null ||
    find src apps tests bench -name '*.[ch]pp'
)
existing=()
for file in "${files[@]}"; do
  [[ -f $file ]] && existing+=("$file")
done
if ((${#existing[@]} == 0)); then
  echo 'No C++ file to check.'
  exit 0
fi

if [[ ${1:-} == --fix ]]; then
  exec "$tool" -i "${existing[@]}"
fi

if report=$("$tool" --dry-run -Werror "${existing[@]}" 2>&1); then
  echo "Format: all ${#existing[@]} files are as .clang-format wants them."
  exit 0
fi
echo 'Not as .clang-format wants them (make format repairs it):'
grep -oE '^[^: ]+\.[ch]pp:[0-9]+' <<<"$report" | sort -u -t: -k1,1 || echo "$report"
if [[ $version != "$rule" ]]; then
  echo "This is clang-format $version; the rule is $rule, so it does not count as a failure."
  exit 0
fi
exit 1
