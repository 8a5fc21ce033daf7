/** Shells that have a completion script. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

// Each asks `cityroot complete -- word ...`, which answers with lines of a value, a tab and a description. Words are
// handed over as they are, never evaluated. Where nothing is answered, shells complete files.
const SCRIPTS: { readonly [shell in Shell]: string } = {
  bash: `# bash: eval "$(cityroot completion bash)"
_cityroot() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(cityroot complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _cityroot cityroot
`,
  zsh: `#compdef cityroot
# zsh: eval "$(cityroot completion zsh)"
_cityroot() {
  local -a answers described
  answers=("\${(@f)$(cityroot complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local line
  for line in $answers; do
    described+=("\${line%%$'\\t'*}:\${line#*$'\\t'}")
  done
  if (( \${#described} )); then
    _describe cityroot described
  else
    _files
  fi
}
compdef _cityroot cityroot
`,
  fish: `# fish: cityroot completion fish | source
function __cityroot_complete
    set -l words (commandline --tokens-expanded --cut-at-cursor 2>/dev/null; or commandline -opc)
    set -l answers (cityroot complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c cityroot -f -a '(__cityroot_complete)'
`,
  powershell: `# PowerShell: cityroot completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName cityroot -ScriptBlock {
  param($word, $ast, $cursor)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '""' }
  cityroot complete -- @words 2>$null | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if (-not $description) { $description = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
  }
}
`,
};

/** The script that makes a shell complete our commands. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
