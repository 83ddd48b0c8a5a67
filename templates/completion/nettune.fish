# Has fish complete the arguments of nettune. As ~/.config/fish/completions/nettune.fish, or: nettune completion fish | source

function __nettune_complete
    set -l current (commandline -ct)
    set -l before (commandline -opc)
    set -l lines (command nettune completion fish -- $before[2..-1] "$current" 2>/dev/null)
    printf '%s\n' $lines[2..-1]
    switch "$lines[1]"
        case profiles
            __fish_complete_path "$current" 2>/dev/null | string match -r '^.*(?:/|\.ya?ml)(?:\t.*)?$'
        case folders
            __fish_complete_directories "$current" ''
    end
end

complete -c nettune -f -a '(__nettune_complete)'
